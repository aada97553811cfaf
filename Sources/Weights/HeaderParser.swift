import JSON

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
/// No tree is built and nothing is kept that is not asked for. A header that claims more than a file of its size has
/// use for is refused before it has taken up memory.
struct HeaderParser {
    /// No tensor in use has more; a longer list is an attempt to take up memory.
    private static let maximumRank = 8

    /// Tensors and metadata strings that may still come.
    private var allowance: Int
    /// The tensor that is being read, for messages.
    private(set) var tensor: String?

    private(set) var entries: [HeaderEntry] = []
    private(set) var metadata: [String: String] = [:]

    /// A parser of a header within a file of `fileSize` bytes.
    ///
    /// An entry takes up more memory than the shortest one takes up in a file. Real tensors are larger than their
    /// entries; a header with more of them than there can be data is refused before it has taken much.
    init(fileSize: Int) {
        allowance = 1024 + fileSize / 512
    }

    /// Parses the whole header.
    mutating func parse(_ bytes: Span<UInt8>) throws(JSONError) {
        var scanner = try JSONScanner(validating: bytes)
        try scanner.beginObject()
        while let (name, start) = try scanner.nextMember() {
            try use(name, at: start, scanner)
            if name == "__metadata__" {
                try readMetadata(&scanner)
            } else {
                tensor = name
                try useAllowance(scanner)
                try readEntry(name, &scanner)
                tensor = nil
            }
        }
        try scanner.finish()
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws(JSONError) {
        try scanner.beginObject()
        while let (key, start) = try scanner.nextMember() {
            try use(key, at: start, scanner)
            try useAllowance(scanner)
            guard metadata.updateValue(try string(&scanner), forKey: key) == nil else {
                throw scanner.fail("metadata \(key) is given twice", at: start)
            }
        }
    }

    private mutating func readEntry(_ name: String, _ scanner: inout JSONScanner) throws(JSONError) {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.beginObject()
        while let (key, start) = try scanner.nextMember() {
            switch key {
            case "dtype" where type == nil: type = try string(&scanner)
            case "shape" where shape == nil: shape = try numbers(&scanner)
            case "data_offsets" where offsets == nil: offsets = try numbers(&scanner)
            default: throw scanner.fail("unexpected \(key)", at: start)
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw scanner.fail("lacks a dtype, a shape or two data_offsets")
        }
        entries.append(HeaderEntry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1]))
    }

    private mutating func useAllowance(_ scanner: borrowing JSONScanner) throws(JSONError) {
        allowance -= 1
        if allowance < 0 { throw scanner.fail("more tensors and metadata than a file of this size has use for") }
    }

    /// `[1, 2, …]`: whole numbers without a sign.
    private func numbers(_ scanner: inout JSONScanner) throws(JSONError) -> [Int] {
        var numbers: [Int] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            guard numbers.count < Self.maximumRank else {
                throw scanner.fail("more than \(Self.maximumRank) numbers in a list")
            }
            numbers.append(try number(&scanner))
        }
        return numbers
    }

    private func number(_ scanner: inout JSONScanner) throws(JSONError) -> Int {
        guard try scanner.kind() == .number else { throw scanner.fail("expected a whole number") }
        let digits = try scanner.skipValue()
        var value = 0
        for index in digits {
            let digit = Int(scanner.bytes[index]) - 0x30
            guard (0...9).contains(digit) else { throw scanner.fail("expected a whole number", at: digits.lowerBound) }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = tens.addingReportingOverflow(digit)
            if overflow || carry { throw scanner.fail("number too large", at: digits.lowerBound) }
            value = next
        }
        return value
    }

    private func string(_ scanner: inout JSONScanner) throws(JSONError) -> String {
        guard try scanner.kind() == .string else { throw scanner.fail("expected a string") }
        let start = scanner.position
        let string = try scanner.string()
        try use(string, at: start, scanner)
        return string
    }

    /// Refuses a string with half of a surrogate pair, in whose place the scanner puts U+FFFD: names that differ would be
    /// one. `start` is the quote that opens it.
    private func use(_ string: String, at start: Int, _ scanner: borrowing JSONScanner) throws(JSONError) {
        guard string.unicodeScalars.contains("\u{FFFD}") else { return }
        var index = start + 1
        while scanner.bytes[index] != UInt8(ascii: "\"") {
            if scanner.bytes[index] == UInt8(ascii: "\\") { throw scanner.fail("half of a surrogate pair", at: index) }
            index += 1
        }
    }
}
