import Text

/// The types that a page has come across, numbered, and how often each was met.
package struct PageTypes: Sendable {
    /// More types than anybody looks through; what comes later shares a number.
    static let most = 200

    /// Their names, each at its number.
    package private(set) var names: [String] = []
    /// How many entities have them.
    package private(set) var counts: [Int] = []
    private var numbers: [ExactString: Int] = [:]

    /// No types yet.
    package init() {}

    /// The number of a type.
    mutating func number(of type: String) -> Int {
        if let number = numbers[type.exact] { return number }
        guard names.count < Self.most else { return Self.most }
        numbers[type.exact] = names.count
        names.append(type)
        counts.append(0)
        return names.count - 1
    }

    /// Counts an entity.
    mutating func count(_ type: String) {
        let number = number(of: type)
        if counts.indices.contains(number) { counts[number] += 1 }
    }

    /// The types by how often they are there, the most frequent first.
    var byFrequency: [(number: Int, name: String, count: Int)] {
        names.indices.map { ($0, names[$0], counts[$0]) }.sorted { ($1.count, $0.number) < ($0.count, $1.number) }
    }
}
