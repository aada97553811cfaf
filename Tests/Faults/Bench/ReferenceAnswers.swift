/// The answers to a stream that nobody disturbed: the same posts get the same answers, byte for byte.
struct ReferenceAnswers: Sendable {
    /// How much of them there must be.
    enum Extent {
        /// All.
        case all
        /// The first of them, each whole.
        case firstLines
        /// The first of them; of the last the beginning is enough.
        case firstBytes
    }

    /// How many bytes.
    let byteCount: Int
    private let lines: [ArraySlice<UInt8>]
    private let numbers: [ArraySlice<UInt8>: Int]

    init(_ output: [UInt8]) {
        byteCount = output.count
        lines = Array(output.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast())
        numbers = Dictionary(lines.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// How many lines.
    var count: Int { lines.count }

    /// What an output has of them, and what it has not or has otherwise.
    func damage(of output: [UInt8], _ extent: Extent) -> Damage {
        var damage = Damage()
        var next = 0
        var rest = output[...]
        while let end = rest.firstIndex(of: 0x0A) {
            take(rest[..<end], &next, &damage)
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty {
            let isBeginning = next < lines.count && lines[next].starts(with: rest)
            if extent != .firstBytes || !isBeginning { damage.torn += 1 }
        }
        if extent == .all { damage.lost += lines.count - next }
        return damage
    }

    /// An output in which each line with a mark in it is the one that should be in its place: for answers that say by that
    /// mark why they are others.
    func standingIn(for mark: [UInt8], in output: [UInt8]) -> [UInt8] {
        var written = output.split(separator: 0x0A, omittingEmptySubsequences: false)
        for index in lines.indices.prefix(written.count) where written[index].firstRange(of: mark) != nil {
            written[index] = lines[index]
        }
        return Array(written.joined(separator: [0x0A]))
    }

    private func take(_ line: ArraySlice<UInt8>, _ next: inout Int, _ damage: inout Damage) {
        if next < lines.count, lines[next] == line {
            next += 1
        } else if let number = numbers[line] {
            damage.duplicated += number < next ? 1 : 0
            damage.lost += max(0, number - next)
            next = max(next, number + 1)
        } else {
            damage.torn += 1
            next = min(next + 1, lines.count)
        }
    }
}
