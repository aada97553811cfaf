import Testing

@testable import Pages

@Suite struct ReportPageTests {
    @Test func chartsStayInTheirFrame() {
        var chart = Chart(title: "<t>", x: "x & y", y: "\"y\"")
        chart.lines = [Chart.Line(points: [(-1, 2), (0.5, 0.5), (.nan, 1)], colour: 0, labels: ["<a>", "b"])]
        chart.bars = [Chart.Bar(span: 0..<0.1, height: 5, label: "<5>")]
        let svg = chart.html.markup
        #expect(svg.contains("points=\"52,12 238,132 "))
        #expect(svg.contains("height=\"240\""))
        #expect(!svg.contains("nan") && !svg.contains("<t>") && !svg.contains("<a>") && !svg.contains("<5>"))
        #expect(svg.contains("<title>&lt;a&gt;</title>"))
    }

    @Test func tablesAreEscaped() {
        let html = ReportPage.html([["a", "<b>"], ["c", "&"]]).markup
        #expect(html.contains("<tr><th>a</th><th>&lt;b&gt;</th></tr>\n<tr><th>c</th><td>&amp;</td></tr>"))
        let confusion = ReportPage.confusion(rows: ["<r>"], columns: ["<c>"], counts: [[3]]).markup
        #expect(confusion.contains("<th>&lt;r&gt;</th><td class=\"heat c1\" style=\"--share:80%\">3</td>"))
    }

    @Test func aPageOfNumbersHasNoScript() {
        let page = String(decoding: ReportPage(title: "<t>", table: [["a"]]).bytes, as: UTF8.self)
        #expect(page.hasSuffix("</html>\n") && page.contains("<title>&lt;t&gt;</title>") && !page.contains("<script"))
    }
}
