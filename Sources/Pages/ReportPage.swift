/// A page of numbers: tables and charts.
package struct ReportPage: Sendable {
    /// What it is called.
    package var title: String
    /// What stands on top, row by row; the first row names the columns.
    package var table: [[String]]
    /// The parts of the page.
    package var sections: [HTML] = []

    /// A page with a table.
    package init(title: String, table: [[String]]) {
        self.title = title
        self.table = table
    }

    /// The page as a file.
    package var bytes: [UInt8] {
        let page = Page(title: title, head: Self.html(table), hasPosts: false)
        return HTML([page.opening, "<div class=\"charts\">\n\(sections)</div>\n", page.closing]).bytes
    }

    /// A part of a page.
    package static func section(_ title: String, _ content: [HTML], note: String) -> HTML {
        "<section><h2>\(title)</h2>\n\(content)<p class=\"note\">\(note)</p></section>\n"
    }

    /// Rows as a table.
    package static func html(_ rows: [[String]]) -> HTML {
        let lines = rows.enumerated().map { index, row -> HTML in
            let cells = row.enumerated().map { column, cell in
                index == 0 || column == 0 ? "<th>\(cell)</th>" : "<td>\(cell)</td>" as HTML
            }
            return "<tr>\(cells)</tr>\n"
        }
        return "<div class=\"wide\"><table>\n\(lines)</table></div>\n"
    }

    /// How often the rows' things were taken for the columns', darker where that is more of the row.
    package static func confusion(rows: [String], columns: [String], counts: [[Int]]) -> HTML {
        let head = columns.map { "<th>\($0.shortened(to: 40))</th>" as HTML }
        let lines = zip(rows, counts).enumerated().map { index, line -> HTML in
            let (name, row) = line
            let all = max(1, row.reduce(0, +))
            let cells = row.enumerated().map { column, count -> HTML in
                let share = Double(count) / Double(all) * 80
                let colour = column == index ? "c1" : "c0"
                return "<td class=\"heat \(colour)\" style=\"--share:\(share.rounded(to: 1))%\">\(count)</td>"
            }
            return "<tr><th>\(name.shortened(to: 40))</th>\(cells)</tr>\n"
        }
        return "<div class=\"wide\"><table>\n<tr><th>gold \\ said</th>\(head)</tr>\n\(lines)</table></div>\n"
    }
}
