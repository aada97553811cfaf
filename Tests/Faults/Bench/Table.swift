import Foundation

/// The table that the bench prints, row by row as cases end.
struct Table {
    private let width: Int

    /// - Parameter titles: Of the cases that will come.
    init(_ titles: [String]) { width = titles.map(\.count).max() ?? 0 }

    /// The line above all.
    var heading: String {
        row("case", ["tries", "lost", "duplicated", "torn", "crashed", "hung", "worst time", "peak memory"])
    }

    /// What came of a case, and below it what was found or measured.
    func row(_ title: String, _ tally: Tally) -> String {
        let counts = [
            tally.tries, tally.damage.lost, tally.damage.duplicated, tally.damage.torn, tally.crashed, tally.hung,
        ]
        let numbers = row(
            title, counts.map(String.init) + [Self.seconds(tally.worst), "\((tally.peak + (1 << 19)) >> 20) MiB"])
        let shown = tally.findings.prefix(3).map { "    ! \($0)" }
        let more = tally.findings.count > 3 ? ["    ! and \(tally.findings.count - 3) more"] : []
        return ([numbers] + shown + more + tally.remarks.map { "      \($0)" }).joined(separator: "\n")
    }

    /// A time as it is shown.
    static func seconds(_ time: Duration) -> String {
        String(format: "%.2f s", time.seconds)
    }

    private func row(_ title: String, _ cells: [String]) -> String {
        let padded = zip(cells, [7, 5, 11, 5, 8, 5, 11, 12]).map { cell, width in
            String(repeating: " ", count: max(1, width - cell.count)) + cell
        }
        return title + String(repeating: " ", count: width - title.count) + padded.joined()
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
