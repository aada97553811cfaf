import Files

/// Where the parts of an index file lie. All numbers are stored lowest byte first.
///
/// | part | what |
/// |---|---|
/// | header | 64 bytes: what is below, ``magic`` first |
/// | directory | `2^bits + 1` numbers of 32 bits: the first key of each bucket, which the first bits of a hash choose |
/// | keys | 16 bytes each, and one more at the end: the last 32 bits of the hash, its first posting, where its text begins (64 bits) |
/// | postings | 64 bits each: ``Posting``, best first |
/// | texts | of the keys, one behind the other |
/// | records | id, name, type and description of each entry, each behind its length in 32 bits |
struct IndexLayout: Equatable {
    static let magic = Array("gmner-kb".utf8)
    static let version: UInt32 = 1
    static let headerBytes = 64
    static let keyBytes = 16
    static let postingBytes = 8

    /// How many bits of a hash choose a bucket.
    var bits = 0
    /// The most words of a key.
    var longest = 0
    var keys = 0
    var postings = 0
    var textBytes = 0
    var recordBytes = 0
    var entries = 0

    var directoryStart: Int { Self.headerBytes }
    var keysStart: Int { directoryStart + ((1 << bits) + 1) * 4 }
    var postingsStart: Int { keysStart + (keys + 1) * Self.keyBytes }
    var textsStart: Int { postingsStart + postings * Self.postingBytes }
    var recordsStart: Int { textsStart + textBytes }
    var fileBytes: Int { recordsStart + recordBytes }

    init() {}

    /// What a file says of itself.
    ///
    /// - Throws: why it is no index, as the end of a sentence that begins with its name.
    init(_ file: RawSpan) throws(IndexFault) {
        guard Self.isIndex(file) else { throw IndexFault("is no knowledge base") }
        guard file.byteCount >= Self.headerBytes, let version = file.integer(at: 8, as: UInt32.self) else {
            throw IndexFault("is cut off")
        }
        guard version == Self.version else {
            throw IndexFault("is a knowledge base of version \(version), not \(Self.version): build it again")
        }
        // Every part takes a byte or more of the file for each of its members, so no product of these overflows.
        func number(_ offset: Int) throws(IndexFault) -> Int {
            let value = file.integer(at: offset, as: UInt64.self) ?? .max
            guard value <= UInt64(file.byteCount) else { throw Self.damage }
            return Int(value)
        }
        (bits, longest) = (
            Int(file.integer(at: 12, as: UInt16.self) ?? 0), Int(file.integer(at: 14, as: UInt16.self) ?? 0)
        )
        guard bits <= 32, (1...NameKey.most.words).contains(longest), file.byteCount < 1 << 48 else {
            throw Self.damage
        }
        keys = try number(16)
        postings = try number(24)
        textBytes = try number(32)
        recordBytes = try number(40)
        entries = try number(48)
        guard fileBytes == file.byteCount else {
            throw IndexFault(fileBytes > file.byteCount ? "is cut off" : "is longer than it says")
        }
    }

    /// Whether a file says that it is an index.
    static func isIndex(_ file: RawSpan) -> Bool {
        magic.indices.allSatisfy { file.integer(at: $0, as: UInt8.self) == magic[$0] }
    }

    /// What a file says of itself.
    var header: [UInt8] {
        var bytes = Self.magic
        bytes.append(Self.version)
        bytes.append(UInt16(bits))
        bytes.append(UInt16(longest))
        for number in [keys, postings, textBytes, recordBytes, entries] { bytes.append(UInt64(number)) }
        return bytes + [UInt8](repeating: 0, count: Self.headerBytes - bytes.count)
    }

    private static let damage = IndexFault("is a damaged knowledge base")
}

/// Why a file is no index.
struct IndexFault: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// That an entry has a name: where its record is, and what is to be said of the name.
struct Posting: Equatable {
    /// It is not what the entry is called first of all.
    static let alias: UInt64 = 1 << 56
    /// The name has several words, which the key has as one.
    static let joined: UInt64 = 1 << 57
    /// The name is one word in capitals.
    static let capitals: UInt64 = 1 << 58
    /// The name is one word that mostly means something else.
    static let common: UInt64 = 1 << 59

    var bits: UInt64

    /// Where the record lies among all.
    var record: Int { Int(bits & (1 << 48 - 1)) }
    /// How good the name is: 0 is best.
    var grade: UInt64 { (bits >> 56) & 3 }

    func has(_ flag: UInt64) -> Bool { bits & flag != 0 }
}

extension [UInt8] {
    /// Appends a number, lowest byte first.
    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
