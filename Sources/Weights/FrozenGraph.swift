package import Files
package import SystemPackage

/// The constants of a frozen TensorFlow graph (`GraphDef` of tensorflow/core/framework/graph.proto): its weights. What the
/// graph does with them is not read.
package struct FrozenGraph {
    private struct Constant {
        var shape: [Int] = []
        /// Numbers as bytes, where they are kept so.
        var content: Range<Int>?
        /// Numbers one by one, or packed.
        var values: [Range<Int>] = []
        var type = 0
    }

    private let path: FilePath
    private let bytes: [UInt8]
    private let constants: [String: Constant]

    /// Files of more bytes are refused.
    private static let longest = 1 << 30

    /// Reads a graph.
    ///
    /// - Throws: ``FileError`` for a file that is none, and for one without constants.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        bytes = try WholeFile.read(path, maxBytes: Self.longest)
        do throws(WireFields.Malformed) {
            constants = try Self.constants(bytes)
        } catch {
            throw FileError(path, "is no frozen graph: \(error.message) (byte \(error.offset))")
        }
        if constants.isEmpty { throw FileError(path, "is no frozen graph: there are no constants") }
    }

    /// The names of its constants.
    package var names: Set<String> { Set(constants.keys) }

    /// Extents of a constant; `nil` where there is none of that name.
    package func shape(_ name: String) -> [Int]? { constants[name]?.shape }

    /// The numbers of a constant, the last extent innermost.
    ///
    /// - Throws: ``FileError`` where there is none of that name, where it has other extents, is not F32, or holds fewer or more
    ///   numbers than its extents say.
    package func numbers(_ name: String, shape: [Int]) throws(FileError) -> [Float] {
        guard let constant = constants[name] else { throw FileError(path, .tensor(name), "is not there") }
        guard constant.type == Self.float else { throw FileError(path, .tensor(name), "is not of 32-bit floats") }
        guard constant.shape == shape else {
            throw FileError(path, .tensor(name), "has the extents \(constant.shape), not \(shape)")
        }
        let ranges = constant.content.map { [$0] } ?? constant.values
        let numbers = ranges.flatMap { range in
            stride(from: range.lowerBound, to: range.upperBound - 3, by: 4).map { place in
                Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
            }
        }
        let count = shape.reduce(1, *)
        // A tensor of one number over and over may be kept as that number.
        if numbers.count == 1, constant.content == nil { return Array(repeating: numbers[0], count: count) }
        guard numbers.count == count else {
            throw FileError(path, .tensor(name), "holds \(numbers.count) numbers, not \(count)")
        }
        guard numbers.allSatisfy(\.isFinite) else {
            throw FileError(path, .tensor(name), "holds a number that is not finite")
        }
        return numbers
    }

    // MARK: Messages. Numbers of fields are those of graph.proto, node_def.proto, attr_value.proto and tensor.proto.

    private static let float = 1

    private static func constants(_ bytes: [UInt8]) throws(WireFields.Malformed) -> [String: Constant] {
        var constants: [String: Constant] = [:]
        var graph = WireFields(bytes, bytes.indices)
        while let (number, value) = try graph.next() {
            guard number == 1, let range = value.range, let node = try node(bytes, range) else { continue }
            constants[node.name] = node.constant
        }
        return constants
    }

    /// A node, if it is a constant.
    private static func node(
        _ bytes: [UInt8], _ range: Range<Int>
    ) throws(WireFields.Malformed) -> (name: String, constant: Constant)? {
        var fields = WireFields(bytes, range)
        var (name, operation, tensor) = ("", "", Range<Int>?.none)
        while let (number, value) = try fields.next() {
            guard let range = value.range else { continue }
            switch number {
            case 1: name = text(bytes, range)
            case 2: operation = text(bytes, range)
            case 5: tensor = try attribute(bytes, range) ?? tensor
            default: break
            }
        }
        guard operation == "Const", let tensor else { return nil }
        return (name, try constant(bytes, tensor))
    }

    /// The tensor of an entry of a node's attributes, if it is its value.
    private static func attribute(
        _ bytes: [UInt8], _ range: Range<Int>
    ) throws(WireFields.Malformed) -> Range<Int>? {
        var fields = WireFields(bytes, range)
        var (key, content) = ("", range.upperBound..<range.upperBound)
        while let (number, value) = try fields.next() {
            guard let range = value.range else { continue }
            if number == 1 { key = text(bytes, range) }
            if number == 2 { content = range }
        }
        guard key == "value" else { return nil }
        fields = WireFields(bytes, content)
        while let (number, value) = try fields.next() {
            if number == 8, let range = value.range { return range }
        }
        return nil
    }

    private static func constant(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFields.Malformed) -> Constant {
        var constant = Constant()
        var fields = WireFields(bytes, range)
        while let (number, value) = try fields.next() {
            switch (number, value) {
            case (1, .integer): constant.type = value.integer ?? 0
            case (2, .bytes(let range)): constant.shape = try shape(bytes, range)
            case (4, .bytes(let range)): constant.content = range
            case (5, .bytes(let range)): constant.values.append(range)
            default: break
            }
        }
        return constant
    }

    private static func shape(_ bytes: [UInt8], _ range: Range<Int>) throws(WireFields.Malformed) -> [Int] {
        var shape: [Int] = []
        var fields = WireFields(bytes, range)
        while let (number, value) = try fields.next() {
            guard number == 2, let range = value.range else { continue }
            var extent = 0
            var dimension = WireFields(bytes, range)
            while let (number, value) = try dimension.next() {
                if number == 1 { extent = value.integer ?? -1 }
            }
            shape.append(extent)
        }
        return shape
    }

    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
