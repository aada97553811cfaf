import Corpora
import Geometry
import Pages
import Scoring

/// `gmner eval --html`: the scores, and what stands behind them, as a page.
struct EvaluationView {
    let report: EvaluationReport
    let diagnostics: Diagnostics

    /// Points of a curve that are drawn of it: as many as a screen tells apart.
    private static let most = 300

    /// The page as a file.
    var bytes: [UInt8] {
        var page = ReportPage(title: "Answers against gold", table: table)
        page.sections = [curves] + diagnostics.calibrations.map(calibration) + [confusion]
        if let overlap = diagnostics.overlap { page.sections.append(histogram(overlap)) }
        return page.bytes
    }

    private var table: [[String]] {
        let head = ["\(report.posts) posts", "F1", "95 %", "precision", "recall", "right", "said", "gold"]
        return [head]
            + report.tasks.map { score in
                let counts = score.counts
                let interval = score.interval.map { "\($0.lowerBound.percent) to \($0.upperBound.percent)" }
                let shares = [counts.precision.percent, counts.recall.percent]
                let numbers = [counts.correct, counts.predicted, counts.gold].map(String.init)
                return [score.task.title, counts.f1.percent, interval ?? ""] + shares + numbers
            }
    }

    private var curves: HTML {
        guard !diagnostics.curves.isEmpty else {
            return ReportPage.section(
                "Precision and recall", [], note: "Not every prediction has a score, so there is no curve.")
        }
        var chart = Chart(title: "Precision and recall by score", x: "recall", y: "precision")
        chart.lines = diagnostics.curves.enumerated().map { index, curve in
            let points = curve.points.map { (x: $0.recall, y: $0.precision) }
            return Chart.Line(points: Self.thinned(points), colour: index == 0 ? 2 : 0)
        }
        let areas = zip(diagnostics.curves, ["blue", "orange"]).map { curve, colour in
            "\(curve.task.title) (\(colour)): average precision \(curve.averagePrecision.percent)"
        }
        return ReportPage.section(
            "Precision and recall", [chart.html],
            note: "Of what has at least some score, from the highest on. \(areas.joined(separator: "; ")).")
    }

    private static func thinned<Point>(_ points: [Point]) -> [Point] {
        guard points.count > most else { return points }
        return (0..<most).map { points[$0 * (points.count - 1) / (most - 1)] }
    }

    private func calibration(_ calibration: Diagnostics.Calibration) -> HTML {
        var chart = Chart(
            title: "How often \(calibration.name) is right", x: calibration.name, y: "share that is right")
        chart.hasDiagonal = true
        chart.lines = [
            Chart.Line(
                points: calibration.bins.map { ($0.said, $0.right) }, colour: 0,
                labels: calibration.bins.map { "\($0.count): said \($0.said.percent), right \($0.right.percent)" })
        ]
        return ReportPage.section(
            "Calibration of \(calibration.name)", [chart.html],
            note: "Right: \(calibration.meaning). \(calibration.count) entities, expected calibration error "
                + "\(calibration.error.percent); on the broken line both are equal.")
    }

    private var confusion: HTML {
        let types = diagnostics.types
        return ReportPage.section(
            "Types",
            [
                ReportPage.confusion(
                    rows: types + ["nothing"], columns: types + ["nothing"], counts: diagnostics.confusion)
            ],
            note:
                "Rows are what gold has, columns what was said of the same words; “nothing”: these words are no entity."
        )
    }

    private func histogram(_ overlap: OverlapScore) -> HTML {
        var chart = Chart(title: "Overlap of boxes", x: "intersection over union", y: "entities")
        // Five steps of the axis, each a whole number.
        chart.top = Double((max(1, overlap.tenths.max() ?? 1) + 4) / 5 * 5)
        chart.threshold = report.rule.threshold
        chart.bars = overlap.tenths.enumerated().map { tenth, count in
            let (from, to) = (Double(tenth) / 10, Double(tenth + 1) / 10)
            return Chart.Bar(
                span: from..<to, height: Double(count), label: "\(tenth * 10) to \(tenth * 10 + 10) %: \(count)")
        }
        return ReportPage.section(
            "Overlap of boxes", [chart.html],
            note: "Of \(overlap.count) entities with a box on both sides: mean \(overlap.mean.percent), median "
                + "\(overlap.median.percent), hits \(overlap.hits.percent).")
    }
}
