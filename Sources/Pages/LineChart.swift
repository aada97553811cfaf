/// A chart of lines as an SVG file of its own: shares along the lower axis, points of a score up the other, which begins and
/// ends where the lines do.
package struct LineChart: Sendable {
    /// A line, with its name.
    package struct Line: Sendable {
        /// What it is.
        package var name: String
        /// Where it goes: `x` from 0 to 1.
        package var points: [(x: Double, y: Double)]

        /// A line.
        package init(name: String, points: [(x: Double, y: Double)]) {
            self.name = name
            self.points = points
        }
    }

    /// What it is of.
    package var title: String
    /// What the axes say.
    package var x: String
    package var y: String
    /// The lines, from the first colour on.
    package var lines: [Line]

    /// A chart.
    package init(title: String, x: String, y: String, lines: [Line]) {
        self.title = title
        self.x = x
        self.y = y
        self.lines = lines
    }

    private static let (left, right, upper, lower) = (56.0, 440.0, 36.0, 300.0)
    /// Told apart by people who see few colours (Okabe & Ito 2008), and by their dashes.
    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
    private static let dashes = ["none", "7 3", "2 3", "9 3 2 3"]

    /// The lowest and the highest point, with some room, at whole steps.
    private var range: (low: Double, high: Double, step: Double) {
        let values = lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].first { (high - low) / $0 <= 6 } ?? 50
        return (
            (low / step).rounded(.down) * step, max((high / step).rounded(.up), (low / step).rounded(.down) + 1) * step,
            step
        )
    }

    private func across(_ x: Double) -> Double { Self.left + min(max(x, 0), 1) * (Self.right - Self.left) }

    private func down(_ y: Double) -> Double {
        let (low, high, _) = range
        return Self.lower - (y - low) / (high - low) * (Self.lower - Self.upper)
    }

    /// The file.
    package var svg: HTML {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 350" font-family="sans-serif" font-size="12">
        <title>\(title)</title>
        <rect width="640" height="350" fill="#ffffff"/>
        <text x="248" y="20" text-anchor="middle" font-size="14">\(title)</text>
        \(axes)\(lines.indices.map(element))</svg>

        """
    }

    private var axes: HTML {
        let (low, high, step) = range
        let rows = stride(from: low, through: high + step / 2, by: step).map { value -> HTML in
            let y = down(value)
            return """
                <path d="M56,\(y.rounded(to: 2))H440" stroke="#dddddd"/>\
                <text x="50" y="\((y + 4).rounded(to: 2))" text-anchor="end">\(value.rounded(to: 1))</text>

                """
        }
        let columns = stride(from: 0.0, through: 1.0, by: 0.25).map { share -> HTML in
            """
            <text x="\(across(share).rounded(to: 2))" y="318" text-anchor="middle">\((share * 100).rounded(to: 0)) %</text>

            """
        }
        return """
            \(rows)\(columns)<path d="M56,36V300H440" fill="none" stroke="#333333"/>
            <text x="248" y="340" text-anchor="middle">\(x)</text>
            <text transform="translate(14 168) rotate(-90)" text-anchor="middle">\(y)</text>

            """
    }

    private func element(_ index: Int) -> HTML {
        let line = lines[index]
        let colour = Self.colours[index % Self.colours.count]
        let dash = Self.dashes[index / Self.colours.count % Self.dashes.count]
        let points = line.points.filter(\.y.isFinite)
        let path = points.map { "\(across($0.x).rounded(to: 2)),\(down($0.y).rounded(to: 2))" }.joined(separator: " ")
        let dots = points.map { point -> HTML in
            """
            <circle cx="\(across(point.x).rounded(to: 2))" cy="\(down(point.y).rounded(to: 2))" r="3">\
            <title>\(line.name): \(point.y.rounded(to: 2))</title></circle>
            """
        }
        let row = 44 + 18 * Double(index)
        return """
            <g stroke="\(colour)" fill="\(colour)"><polyline points="\(path)" fill="none" stroke-width="2" \
            stroke-dasharray="\(dash)"/>\(dots)<path d="M452,\(row.rounded(to: 0))h22" stroke-width="2" \
            stroke-dasharray="\(dash)"/></g>
            <text x="480" y="\((row + 4).rounded(to: 0))">\(line.name)</text>

            """
    }
}
