/// A chart as inline SVG. Both axes begin at 0.
package struct Chart: Sendable {
    /// Points with lines between them.
    package struct Line: Sendable {
        /// Where it goes.
        package var points: [(x: Double, y: Double)]
        /// Number of its colour, as types have them.
        package var colour: Int
        /// Whether its points are drawn too, with these words.
        package var labels: [String] = []

        /// A line.
        package init(points: [(x: Double, y: Double)], colour: Int, labels: [String] = []) {
            self.points = points
            self.colour = colour
            self.labels = labels
        }
    }

    /// A column that stands on the axis.
    package struct Bar: Sendable {
        /// Where it begins and ends.
        package var span: Range<Double>
        /// How high it is.
        package var height: Double
        /// What is said where one points at it.
        package var label: String

        /// A bar.
        package init(span: Range<Double>, height: Double, label: String) {
            self.span = span
            self.height = height
            self.label = label
        }
    }

    /// What it is of, for those who do not see it.
    package var title: String
    /// What the axes say.
    package var x: String
    package var y: String
    /// Where the upper axis ends; the lower ends at 1.
    package var top = 1.0
    package var lines: [Line] = []
    package var bars: [Bar] = []
    /// Whether there is a line on which both axes are equal.
    package var hasDiagonal = false
    /// Where a line stands upright: a threshold.
    package var threshold: Double?

    /// An empty chart.
    package init(title: String, x: String, y: String) {
        self.title = title
        self.x = x
        self.y = y
    }

    private static let (left, right, upper, lower) = (52.0, 424.0, 12.0, 252.0)

    private func across(_ x: Double) -> Double { Self.left + min(max(x, 0), 1) * (Self.right - Self.left) }

    private func down(_ y: Double) -> Double {
        Self.lower - min(max(top > 0 ? y / top : 0, 0), 1) * (Self.lower - Self.upper)
    }

    private func place(_ point: (x: Double, y: Double)) -> String {
        "\(across(point.x).rounded(to: 2)),\(down(point.y).rounded(to: 2))"
    }

    /// The chart as an element.
    package var html: HTML {
        """
        <svg viewBox="0 0 440 300" role="img" aria-label="\(title)"><title>\(title)</title>
        \(axes)\(diagonal)\(bars.map(element))\(lines.map(element))\(limit)</svg>

        """
    }

    private var axes: HTML {
        let ticks = stride(from: 0.0, through: 1.0, by: 0.2).map { share -> HTML in
            let (x, y) = (across(share).rounded(to: 2), down(share * top).rounded(to: 2))
            let height = (share * top).rounded(to: top > 10 ? 0 : 2)
            return """
                <path class="grid" d="M\(Self.left.rounded(to: 0)),\(y)H\(Self.right.rounded(to: 0))"/>\
                <text x="\((Self.left - 6).rounded(to: 0))" y="\(y)" dy="4" text-anchor="end">\(height)</text>\
                <text x="\(x)" y="\((Self.lower + 17).rounded(to: 0))" text-anchor="middle">\(share.rounded(to: 1))</text>

                """
        }
        let frame = "M\(place((0, top))) L\(place((0, 0))) L\(place((1, 0)))"
        return """
            \(ticks)<path class="axis" d="\(frame)"/>
            <text x="238" y="292" text-anchor="middle">\(x)</text>
            <text transform="translate(12 132) rotate(-90)" text-anchor="middle">\(y)</text>

            """
    }

    private var diagonal: HTML {
        hasDiagonal ? "<path class=\"ideal\" d=\"M\(place((0, 0))) L\(place((1, top)))\"/>\n" : .nothing
    }

    private var limit: HTML {
        guard let threshold else { return .nothing }
        return "<path class=\"ideal\" d=\"M\(place((threshold, 0))) L\(place((threshold, top)))\"/>\n"
    }

    private func element(_ bar: Bar) -> HTML {
        let (from, to, height) = (across(bar.span.lowerBound), across(bar.span.upperBound), down(bar.height))
        return """
            <rect class="bar c2" x="\((from + 1).rounded(to: 2))" y="\(height.rounded(to: 2))" \
            width="\(max(0, to - from - 2).rounded(to: 2))" height="\((Self.lower - height).rounded(to: 2))">\
            <title>\(bar.label)</title></rect>

            """
    }

    private func element(_ line: Line) -> HTML {
        let path = line.points.map(place).joined(separator: " ")
        let dots = zip(line.points, line.labels).map { point, label in
            """
            <circle class="bar" cx="\(across(point.x).rounded(to: 2))" cy="\(down(point.y).rounded(to: 2))" r="5">\
            <title>\(label)</title></circle>
            """ as HTML
        }
        return "<g class=\"c\(line.colour)\"><polyline class=\"curve\" points=\"\(path)\"/>\(dots)</g>\n"
    }
}
