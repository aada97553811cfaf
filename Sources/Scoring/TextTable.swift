import Geometry

/// Rows of cells as lines of text: the first column to the left, all others to the right.
enum TextTable {
    /// The lines, each with its end.
    static func lines(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        var text = ""
        for row in rows {
            var line = ""
            for (column, cell) in row.enumerated() {
                let fill = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? cell + fill : "  " + fill + cell
            }
            text += line.trimmingTrailingSpaces() + "\n"
        }
        return text
    }

    /// A share as a percentage with two digits.
    static func percent(_ share: Double) -> String {
        let hundredths = Int((share.magnitude * 10_000).rounded(), within: 0...10_000)
        let digits = String(hundredths % 100)
        let sign = share < 0 && hundredths > 0 ? "-" : ""
        return "\(sign)\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits)"
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
