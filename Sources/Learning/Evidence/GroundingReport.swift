import Wire
import Geometry
package import JSON

/// What gate and box head are worth, in numbers with names.
package struct GroundingReport: Sendable, Equatable {
    /// Numbers about one set of entities or posts.
    package struct Row: Sendable, Equatable {
        /// What the numbers are about.
        package var name: String
        /// Entities, or posts.
        package var count: Int
        /// Numbers by name.
        package var shares: [Share]
    }

    /// A number by its name.
    package struct Share: Sendable, Equatable {
        /// What a number is.
        package enum Kind: Sendable {
            /// A share, 0…1.
            case share
            /// A difference of shares, −1…1.
            case difference
            /// How many.
            case count
        }

        /// Name of the number.
        package var name: String
        /// A share, a difference of shares, or how many.
        package var value: Double
        /// 95 % confidence interval, where there is one.
        package var interval: ClosedRange<Double>?
        /// What it is.
        package var kind = Kind.share

        /// A share.
        init(_ name: String, _ value: Double, _ interval: ClosedRange<Double>? = nil) {
            (self.name, self.value, self.interval) = (name, value, interval)
        }

        /// How many.
        init(_ name: String, count: Int) {
            (self.name, value, kind) = (name, Double(count), .count)
        }

        /// By how much a share is higher than another.
        init(_ name: String, difference: Double, _ interval: ClosedRange<Double>? = nil) {
            (self.name, value, self.interval, kind) = (name, difference, interval, .difference)
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
                let interval = share.interval.map {
                    " [\(share.text($0.lowerBound)), \(share.text($0.upperBound))]"
                }
                return "\(share.name) \(share.text(share.value))\(interval ?? "")"
            }
            return "\(name) \(count)  \(shares.joined(separator: "  "))\n"
        }.joined()
    }

    /// The report as one JSON object of rows by name; shares are 0…1. The interval of a number is in one whose name ends in
    /// `_95`.
    package var json: JSONValue {
        .object(
            rows.map { row in
                JSONValue.Member(
                    row.name, .object([.init("count", .integer(row.count))] + row.shares.flatMap(\.members)))
            })
    }
}

extension GroundingReport.Share {
    /// The number, or an end of its interval: shares as percentages, differences with a sign.
    fileprivate func text(_ value: Double) -> String {
        guard value.isFinite else { return "\(value)" }
        if kind == .count { return "\(Int(value))" }
        let tenths = Int((value * 1000).rounded(), within: -1000...1000)
        let sign = tenths < 0 ? "-" : kind == .difference && tenths > 0 ? "+" : ""
        return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    fileprivate var members: [JSONValue.Member] {
        if kind == .count { return [.init(name, .integer(Int(value)))] }
        func number(_ value: Double) -> JSONValue { .number(Float(value), decimals: 6) }
        let ends = interval.map { JSONValue.array([number($0.lowerBound), number($0.upperBound)]) }
        return [.init(name, number(value))] + (ends.map { [.init("\(name)_95", $0)] } ?? [])
    }
}
