package import Files
package import SystemPackage

/// The pieces of a model, numbered by their line in `vocab.txt`.
///
/// Pieces stay in the file's bytes; a hash of those bytes (FNV-1a) leads to them, so that neither loading nor looking up
/// makes a `String`.
package struct Vocabulary: Sendable {
    /// Number of pieces.
    package var count: Int { starts.count - 1 }
    /// Bytes of the longest piece.
    let longest: Int

    private let bytes: [UInt8]
    /// Where each piece starts in `bytes`, and where the last one's line ends.
    private let starts: [UInt32]
    /// Open addressing: ids, or -1 for a free slot. The size is a power of two.
    private let slots: [Int32]

    /// Files above this size are refused; BERT's vocabulary is a 300th of it.
    static let maxBytes = 64 << 20

    /// Takes the contents of a `vocab.txt`: UTF-8, one piece a line, no piece empty, none twice. Errors name `path`.
    package init(_ contents: [UInt8], of path: FilePath = "vocabulary") throws(FileError) {
        guard contents.count <= Self.maxBytes else {
            throw FileError(path, "\(contents.count) bytes, more than the \(Self.maxBytes) that are allowed")
        }
        guard String(validating: contents, as: UTF8.self) != nil else {
            throw FileError(path, Self.firstInvalidLine(contents).map { .line($0) }, "not UTF-8")
        }
        var starts: [UInt32] = [0]
        var longest = 0
        var bytes = contents
        if let last = bytes.last, last != Self.newline { bytes.append(Self.newline) }
        starts.reserveCapacity(bytes.count / 8)
        for place in bytes.indices where bytes[place] == Self.newline {
            let end = Self.end(bytes, Int(starts[starts.count - 1]), place)
            let length = end - Int(starts[starts.count - 1])
            guard length > 0 else { throw FileError(path, .line(starts.count), "empty line") }
            longest = max(longest, length)
            starts.append(UInt32(place + 1))
        }
        guard starts.count > 1 else { throw FileError(path, "no pieces") }
        self.longest = longest
        self.bytes = bytes
        self.starts = starts
        slots = try Self.index(bytes, starts, of: path)
    }

    /// The number of a piece, or `nil` where there is no such piece.
    package func id(of piece: String) -> Int32? {
        let key = Array(piece.utf8)
        return id(of: key, in: 0..<key.count, hash: Self.hash(key[...]), prefix: [])
    }

    /// The piece with this number, or `nil` where there is no such number.
    package func piece(_ id: Int32) -> String? {
        guard id >= 0, Int(id) < count else { return nil }
        return String(decoding: bytes[range(Int(id))], as: UTF8.self)
    }

    // MARK: Hashing

    static let hashSeed: UInt32 = 2_166_136_261
    private static let newline = UInt8(ascii: "\n")

    static func hash(_ byte: UInt8, after hash: UInt32) -> UInt32 { (hash ^ UInt32(byte)) &* 16_777_619 }

    static func hash(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(hashSeed) { hash($1, after: $0) }
    }

    /// The number of the piece `prefix` + `key[range]`, whose hash the caller has already.
    func id(of key: [UInt8], in range: Range<Int>, hash: UInt32, prefix: [UInt8]) -> Int32? {
        let mask = slots.count - 1
        var slot = Self.slot(hash, mask)
        while slots[slot] >= 0 {
            if matches(Int(slots[slot]), key, range, prefix) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func matches(_ id: Int, _ key: [UInt8], _ part: Range<Int>, _ prefix: [UInt8]) -> Bool {
        let piece = range(id)
        guard piece.count == prefix.count + part.count else { return false }
        var place = piece.lowerBound
        for byte in prefix {
            guard bytes[place] == byte else { return false }
            place += 1
        }
        for index in part {
            guard bytes[place] == key[index] else { return false }
            place += 1
        }
        return true
    }

    private func range(_ id: Int) -> Range<Int> {
        let start = Int(starts[id])
        return start..<Self.end(bytes, start, Int(starts[id + 1]) - 1)
    }

    /// FNV-1a's low bits are its good ones, but short keys profit from a fold of the high ones.
    private static func slot(_ hash: UInt32, _ mask: Int) -> Int { Int(hash ^ hash >> 15) & mask }

    // MARK: Loading

    /// The end of a line without its line break, be that `\n` or `\r\n`.
    private static func end(_ bytes: [UInt8], _ start: Int, _ newline: Int) -> Int {
        newline > start && bytes[newline - 1] == UInt8(ascii: "\r") ? newline - 1 : newline
    }

    private static func index(
        _ bytes: [UInt8], _ starts: [UInt32], of path: FilePath
    ) throws(FileError) -> [Int32] {
        let count = starts.count - 1
        var size = 16
        while size * 2 < count * 3 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for id in 0..<count {
            let start = Int(starts[id])
            let piece = bytes[start..<end(bytes, start, Int(starts[id + 1]) - 1)]
            var slot = slot(hash(piece), size - 1)
            while slots[slot] >= 0 {
                let other = Int(slots[slot])
                let otherStart = Int(starts[other])
                if bytes[otherStart..<end(bytes, otherStart, Int(starts[other + 1]) - 1)] == piece {
                    throw FileError(path, .line(id + 1), "the piece of line \(other + 1) again")
                }
                slot = (slot + 1) & (size - 1)
            }
            slots[slot] = Int32(id)
        }
        return slots
    }

    private static func firstInvalidLine(_ contents: [UInt8]) -> Int? {
        contents.split(separator: newline, omittingEmptySubsequences: false)
            .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            .map { $0 + 1 }
    }
}
