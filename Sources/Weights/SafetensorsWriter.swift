package import Files
package import SystemPackage

/// Writes a safetensors file: declared first, then filled tensor by tensor, then put in its place by a rename.
///
/// Nobody ever sees half a file under its name, and a writer that is dropped before ``finish()`` leaves nothing behind.
package struct SafetensorsWriter: ~Copyable {
    /// How the numbers of a tensor are kept.
    package enum Storage: String, Sendable, CaseIterable {
        case float32
        /// Rounded to the nearest half-precision number.
        case float16
        /// Rounded to whole numbers from −127 to 127 with one F32 factor a row, the largest magnitude / 127.
        case int8Rows
    }

    /// A tensor that will be written.
    package struct Declaration: Sendable {
        /// The name in the file.
        package let name: String
        /// Extents, outermost first.
        package let shape: [Int]
        /// How its numbers are kept.
        package let storage: Storage

        /// Declares a tensor. Int8 rows need two extents or more; rows are the outermost.
        package init(_ name: String, shape: [Int], as storage: Storage) {
            self.name = name
            self.shape = shape
            self.storage = storage
        }
    }

    private let path: FilePath
    private let file: AtomicFile
    private let layout: WriterLayout
    private var missing: Set<String>

    /// Creates a temporary file beside `path` and writes the header into it.
    package init(
        _ path: FilePath, tensors: [Declaration], metadata: [String: String] = [:]
    ) throws(FileError) {
        let layout = try WriterLayout(tensors, metadata: metadata, path: path)
        file = try Self.begin(path, with: layout.header)
        self.path = path
        self.layout = layout
        missing = Set(tensors.map(\.name))
    }

    private static func begin(_ path: FilePath, with header: [UInt8]) throws(FileError) -> AtomicFile {
        let file = try AtomicFile(path)
        try file.write(header)
        return file
    }

    /// Writes the numbers of one declared tensor.
    ///
    /// - Throws: ``FileError`` for a tensor that was not declared, has another number of elements, or has numbers
    ///   that cannot be kept (not finite, or beyond what its storage holds), and where the disk is full.
    package mutating func write(_ name: String, _ values: Span<Float>) throws(FileError) {
        guard let slot = layout.slots[name] else { throw FileError(path, .tensor(name), "was not declared") }
        guard values.count == slot.rows * slot.columns else {
            throw FileError(
                path, .tensor(name), "has \(values.count) elements, was declared with \(slot.rows * slot.columns)")
        }
        if let index = unsafe FiniteCheck.first(.float32, values.bytes) {
            throw FileError(path, .tensor(name), FiniteCheck.problem(values[index], at: index, in: slot.shape))
        }
        switch slot.storage {
        case .float32: try put(name, Self.bytes(values) { $0.bitPattern }, at: slot.offset)
        case .float16:
            for index in values.indices where values[index].magnitude >= 65_520 {
                let place = FiniteCheck.place(index, in: slot.shape)
                throw FileError(
                    path, .tensor(name), "\(values[index]) at \(place) cannot be kept in half precision")
            }
            try put(name, Self.bytes(values, Conversion.half), at: slot.offset)
        case .int8Rows:
            let (codes, scales) = Conversion.int8(values, rows: slot.rows, columns: slot.columns)
            if let row = FiniteCheck.first(ofScales: scales.span) {
                throw FileError(path, .tensor(name), "row \(row) is too large for int8 rows")
            }
            try put(name, Self.bytes(codes.span) { UInt8(bitPattern: $0) }, at: slot.offset)
            try put(name, Self.bytes(scales.span) { $0.bitPattern }, at: slot.scaleOffset)
        }
        missing.remove(name)
    }

    /// Brings everything to the disk and gives the file its name.
    package consuming func finish() throws(FileError) {
        if let name = missing.min() { throw FileError(path, .tensor(name), "was declared but not written") }
        try file.commit()
    }

    private func put(_ name: String, _ bytes: [UInt8], at offset: Int) throws(FileError) {
        try file.write(bytes, at: layout.header.count + offset)
    }

    /// Little-endian bytes of what `encode` makes of each value.
    private static func bytes<Value, Bits: FixedWidthInteger>(
        _ values: Span<Value>, _ encode: (Value) -> Bits
    ) -> [UInt8] {
        let size = MemoryLayout<Bits>.size
        return unsafe [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
            for index in values.indices {
                let bits = encode(values[index]).littleEndian
                unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.storeBytes(
                    of: bits, toByteOffset: index * size, as: Bits.self)
            }
            count = values.count * size
        }
    }
}
