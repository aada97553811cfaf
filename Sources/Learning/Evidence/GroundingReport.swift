import Wire
import Geometry
package import JSON

/// What gate and box head are worth, in numbers with names.
package struct GroundingReport: Sendable, Equatable {
    /// Numbers about one set of entities.
    package struct Row: Sendable, Equatable {
        /// What the numbers are about.
        package var name: String
        /// Entities.
        package var count: Int
        /// Shares, 0…1, by name.
        package var shares: [Share]
    }

    /// A share by its name.
    package struct Share: Sendable, Equatable {
        /// Name of the number.
        package var name: String
        /// 0…1.
        package var value: Double

        init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// The rows, in order.
    package internal(set) var rows: [Row] = []

    mutating func addGate(_ name: String, _ score: VisibilityScore) {
        guard score.count > 0 else { return }
        rows.append(
            Row(
                name: name, count: score.count,
                shares: [
                    Share("visible", score.visible), Share("accuracy", score.accuracy), Share("auc", score.auc),
                    Share("ece", score.calibrationError),
                ]))
    }

    mutating func add(_ name: String, _ count: Int, _ shares: Share...) {
        if count > 0 { rows.append(Row(name: name, count: count, shares: shares)) }
    }

    /// The report as lines of text; shares as percentages.
    package var table: String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            let count = String(repeating: " ", count: max(0, 6 - String(row.count).count)) + "\(row.count)"
            let shares = row.shares.map { share in
                guard share.value.isFinite else { return "\(share.name) \(share.value)" }
                let tenths = Int((share.value * 1000).rounded(), within: 0...1000)
                return "\(share.name) \(tenths / 10).\(tenths % 10)"
            }
            return "\(name) \(count)  \(shares.joined(separator: "  "))\n"
        }.joined()
    }

    /// The report as one JSON object of rows by name; shares are 0…1.
    package var json: JSONValue {
        .object(
            rows.map { row in
                let shares = row.shares.map { JSONValue.Member($0.name, .number(Float($0.value), decimals: 6)) }
                return JSONValue.Member(row.name, .object([.init("count", .integer(row.count))] + shares))
            })
    }
}
