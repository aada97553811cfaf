/// What a header says of one tensor, unchecked.
struct HeaderEntry {
    var name: String
    var type: String
    var shape: [Int]
    var begin: Int
    var end: Int
}

/// Reads the header of a safetensors file: JSON of one fixed form, and nothing else.
///
/// A parser for this form alone has no depth that could overflow the stack, keeps nothing that is not asked for, and
/// starts up without a library.
struct HeaderParser: ~Escapable {
    /// Why and where a header is not what it should be.
    struct Failure: Error {
        var tensor: String?
        var problem: String
    }

    /// No tensor in use has more; a longer list is an attempt to take up memory.
    private static let maximumRank = 8

    private let bytes: RawSpan
    private var position = 0
    /// Tensors and metadata strings that may still come.
    private var allowance: Int
    private var tensor: String?

    private(set) var entries: [HeaderEntry] = []
    private(set) var metadata: [String: String] = [:]

    /// A parser of a header within a file of `fileSize` bytes.
    ///
    /// An entry takes up more memory than the shortest one takes up in a file. Real tensors are larger than their
    /// entries; a header with more of them than there can be data is refused before it has taken much.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, fileSize: Int) {
        self.bytes = bytes
        allowance = 1024 + fileSize / 512
    }

    /// Parses the whole header.
    @_lifetime(self: copy self)
    mutating func parse() throws(Failure) {
        try object { parser, name throws(Failure) in
            if name == "__metadata__" {
                try parser.object { parser, key throws(Failure) in
                    try parser.useAllowance()
                    guard parser.metadata.updateValue(try parser.string(), forKey: key) == nil else {
                        throw parser.failure("metadata \(key) is given twice")
                    }
                }
            } else {
                parser.tensor = name
                try parser.useAllowance()
                try parser.entry(name)
                parser.tensor = nil
            }
        }
        skipSpace()
        if position < bytes.byteCount { throw failure("goes on after its end") }
    }

    @_lifetime(self: copy self)
    private mutating func entry(_ name: String) throws(Failure) {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try object { parser, key throws(Failure) in
            switch key {
            case "dtype" where type == nil: type = try parser.string()
            case "shape" where shape == nil: shape = try parser.numbers()
            case "data_offsets" where offsets == nil: offsets = try parser.numbers()
            default: throw parser.failure("unexpected \(key)")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw failure("lacks a dtype, a shape or two data_offsets")
        }
        entries.append(HeaderEntry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1]))
    }

    /// `{ "key": …, … }`; `member` reads the value.
    @_lifetime(self: copy self)
    private mutating func object(
        _ member: (inout HeaderParser, String) throws(Failure) -> Void
    ) throws(Failure) {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    @_lifetime(self: copy self)
    private mutating func useAllowance() throws(Failure) {
        allowance -= 1
        if allowance < 0 { throw failure("more tensors and metadata than a file of this size has use for") }
    }

    /// `[1, 2, …]`: whole numbers without a sign.
    @_lifetime(self: copy self)
    private mutating func numbers() throws(Failure) -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if skip("]") { return numbers }
        repeat {
            if numbers.count == Self.maximumRank { throw failure("more than \(Self.maximumRank) numbers in a list") }
            numbers.append(try number())
        } while skip(",")
        try expect("]")
        return numbers
    }

    @_lifetime(self: copy self)
    private mutating func number() throws(Failure) -> Int {
        skipSpace()
        var value = 0
        let start = position
        while let digit = byte, (0x30...0x39).contains(digit) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = tens.addingReportingOverflow(Int(digit - 0x30))
            if overflow || carry { throw failure("number too large") }
            value = next
            position += 1
        }
        if position == start { throw failure("expected a whole number") }
        return value
    }

    @_lifetime(self: copy self)
    private mutating func string() throws(Failure) -> String {
        try expect("\"")
        var utf8: [UInt8] = []
        while let next = byte {
            position += 1
            switch next {
            case 0x22:
                guard let string = String(validating: utf8, as: UTF8.self) else {
                    throw failure("a string is not UTF-8")
                }
                return string
            case 0x5c: try escape(into: &utf8)
            case ..<0x20: throw failure("a control character in a string")
            default: utf8.append(next)
            }
        }
        throw failure("a string does not end")
    }

    /// What follows a backslash.
    @_lifetime(self: copy self)
    private mutating func escape(into utf8: inout [UInt8]) throws(Failure) {
        let kind = byte
        position += 1
        switch kind {
        case 0x22, 0x5c, 0x2f: utf8.append(kind ?? 0)
        case UInt8(ascii: "b"): utf8.append(8)
        case UInt8(ascii: "f"): utf8.append(12)
        case UInt8(ascii: "n"): utf8.append(10)
        case UInt8(ascii: "r"): utf8.append(13)
        case UInt8(ascii: "t"): utf8.append(9)
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), byte == 0x5c {
                position += 1
                if byte != UInt8(ascii: "u") { throw failure("half of a surrogate pair") }
                position += 1
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw failure("half of a surrogate pair")
            }
            utf8.append(contentsOf: text.utf8)
        default: throw failure("an unknown escape in a string")
        }
    }

    /// Four hexadecimal digits.
    @_lifetime(self: copy self)
    private mutating func codeUnit() throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private var byte: UInt8? {
        position < bytes.byteCount ? unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) : nil
    }

    @_lifetime(self: copy self)
    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    @_lifetime(self: copy self)
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        if byte != UInt8(ascii: character) { return false }
        position += 1
        return true
    }

    @_lifetime(self: copy self)
    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        if !skip(character) { throw failure("expected \(character)") }
    }

    private func failure(_ problem: String) -> Failure {
        Failure(tensor: tensor, problem: "header, byte \(position): \(problem)")
    }
}
