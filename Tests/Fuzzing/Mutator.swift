import Randomness

/// Makes broken inputs of good ones: bits and bytes changed, parts left out, moved, repeated and swapped between samples,
/// words of the format and numbers of any size put in, nesting, bytes that are no UTF-8.
package struct Mutator {
    private let samples: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededGenerator
    /// Longer inputs are cut: what goes wrong with more goes wrong with this.
    private static let longest = 1 << 15

    /// - Parameters:
    ///   - samples: Good inputs.
    ///   - words: What the format is made of: brackets, keys, keywords.
    ///   - random: Where chance comes from.
    package init(_ samples: [[UInt8]], words: [[UInt8]], _ random: SeededGenerator) {
        self.samples = samples
        self.words = words + Self.numbers + Self.faults
        self.random = random
    }

    private static let numbers = [
        "0", "-1", "1e999", "-0.0", "1e-400", "0.5", "2147483648", "4294967296", "4611686018427387904",
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "99999999999999999999999999", "65536",
        "16777217", "1e30", "3e38", "1e308", "nan", "inf", "0x10",
    ].map { Array($0.utf8) }

    /// A lone surrogate, a byte too many, one too few, an overlong slash, NUL, a mark of byte order, a mark that joins.
    private static let faults: [[UInt8]] = [
        [0xED, 0xA0, 0x80], [0x80], [0xE2, 0x82], [0xC0, 0xAF], [0], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xFF, 0xFE], [0xE2, 0x80, 0x8D], [0xCC, 0x81], Array("\u{1F469}\u{1F3FD}".utf8), Array("\\ud800".utf8),
    ]

    /// The next input.
    package mutating func next() -> [UInt8] {
        var bytes = pick(samples)
        for _ in 0...Int.random(in: 0..<4, using: &random) { change(&bytes) }
        return bytes
    }

    /// One change.
    mutating func change(_ bytes: inout [UInt8]) {
        let part = range(in: bytes)
        switch Int.random(in: 0..<13, using: &random) {
        case 0: bytes.removeSubrange(part)
        case 1: bytes.insert(contentsOf: bytes[part], at: place(in: bytes))
        case 2: bytes.replaceSubrange(part, with: pick(words))
        case 3, 4: bytes.insert(contentsOf: pick(words), at: place(in: bytes))
        case 5: bytes.removeLast(min(bytes.count, place(in: bytes)))
        case 6:
            let other = pick(samples)
            bytes.replaceSubrange(part, with: other[range(in: other)])
        case 7: digits(&bytes)
        case 12: sizes(&bytes)
        case 8: nest(&bytes)
        case 9: if !bytes.isEmpty { bytes[place(in: bytes, end: false)] = UInt8.random(in: 0...255, using: &random) }
        default:
            if !bytes.isEmpty { bytes[place(in: bytes, end: false)] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
        if bytes.count > Self.longest { bytes.removeLast(bytes.count - Self.longest) }
    }

    /// Puts another number in place of one.
    private mutating func digits(_ bytes: inout [UInt8]) {
        let starts = bytes.indices.filter { isDigit(bytes[$0]) && ($0 == 0 || !isDigit(bytes[$0 - 1])) }
        guard let start = starts.randomElement(using: &random) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: pick(Self.numbers))
    }

    /// Makes some of all numbers powers of two, or next to one: products of them leave any type, each alone may not.
    private mutating func sizes(_ bytes: inout [UInt8]) {
        var changed: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            let run = rest.prefix { isDigit($0) == isDigit(first) }
            rest = rest.dropFirst(run.count)
            if isDigit(first), Int.random(in: 0..<3, using: &random) == 0 {
                let power = 1 << Int.random(in: 0..<63, using: &random)
                changed += Array(String(power - Int.random(in: 0...1, using: &random)).utf8)
            } else {
                changed += run
            }
        }
        bytes = changed
    }

    /// Puts a word there many times.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let word = pick(words)
        let times = [2, 63, 64, 65, 500, 5_000].randomElement(using: &random) ?? 2
        bytes.insert(contentsOf: repeatElement(word, count: times).joined(), at: place(in: bytes))
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func place(in bytes: [UInt8], end: Bool = true) -> Int {
        Int.random(in: 0..<bytes.count + (end ? 1 : 0), using: &random)
    }

    /// Mostly short: a word rather than a half.
    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = place(in: bytes)
        let most = Int.random(in: 0..<4, using: &random) == 0 ? bytes.count : 16
        return start..<start + min(bytes.count - start, Int.random(in: 0...most, using: &random))
    }

    private mutating func pick(_ list: [[UInt8]]) -> [UInt8] { list.randomElement(using: &random) ?? [] }
}
