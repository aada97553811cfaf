/// Walks the fields of a message in the wire format of protocol buffers: each has a number, and a value that is an integer or
/// a range of bytes. What the bytes mean is up to who reads them.
struct WireFields {
    /// A field's value.
    enum Value: Equatable {
        /// A variable-length integer.
        case integer(UInt64)
        /// Bytes: a string, a message, packed numbers, or a number of four or eight bytes.
        case bytes(Range<Int>)

        /// The bytes, where it is such.
        var range: Range<Int>? { if case .bytes(let range) = self { range } else { nil } }
        /// The integer, where it is one that fits.
        var integer: Int? { if case .integer(let value) = self { Int(exactly: value) } else { nil } }
    }

    /// Bytes that are no fields: what is wrong with them.
    struct Malformed: Error {
        let message: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    /// The fields of a part of some bytes.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        (self.bytes, place, end) = (bytes, range.lowerBound, range.upperBound)
    }

    /// The next field; `nil` at the end.
    mutating func next() throws(Malformed) -> (number: Int, value: Value)? {
        guard place < end else { return nil }
        let key = try integer()
        let number = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (number, .integer(try integer()))
        case 1: return (number, .bytes(try take(8)))
        case 2:
            let length = try integer()
            return (number, .bytes(try take(Int(exactly: length) ?? .max)))
        case 5: return (number, .bytes(try take(4)))
        default: throw Malformed(message: "no field begins with \(key)", offset: place)
        }
    }

    private mutating func integer() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard place < end else { throw Malformed(message: "a number is cut off", offset: place) }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed(message: "a number of more than ten bytes", offset: place)
    }

    private mutating func take(_ count: Int) throws(Malformed) -> Range<Int> {
        guard count <= end - place else {
            throw Malformed(message: "a field of \(count) bytes, of which \(end - place) are there", offset: place)
        }
        defer { place += count }
        return place..<place + count
    }
}
