package import Files
package import SystemPackage
import JSON

/// A safetensors file (format: 8 bytes of header length, a JSON header, the tensors' bytes).
///
/// Everything the header says is checked before any of it is used: types, shapes and offsets agree, no two tensors
/// overlap, and together they are the rest of the file. The file stays open, and what is read later is read from it.
package final class SafetensorsFile: Sendable {
    /// Where the file is.
    package let path: FilePath
    /// The tensors by name.
    package let tensors: [String: TensorEntry]
    /// The strings that were stored with them.
    package let metadata: [String: String]
    private let file: OpenFile
    private let mapping: MappedMemory?

    /// Headers above this size are refused, as the reference implementation does.
    private static let longestHeader: UInt64 = 100_000_000

    /// Opens a file and checks its header.
    ///
    /// - Parameter isMapped: Whether tensors can be used where they lie. For files of this package's own making alone: one
    ///   that is cut while it is mapped ends the process.
    package convenience init(_ path: FilePath, isMapped: Bool = false) throws(FileError) {
        try self.init(OpenFile(path), isMapped: isMapped)
    }

    /// Opens a file of an open folder and checks its header.
    package convenience init(_ name: FilePath.Component, in folder: OpenFolder) throws(FileError) {
        try self.init(OpenFile(name, in: folder), isMapped: false)
    }

    private init(_ file: OpenFile, isMapped: Bool) throws(FileError) {
        self.file = file
        path = file.path
        guard file.size >= 8 else { throw FileError(path, "too short for a safetensors file") }
        let length = try file.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.size - 8) else {
            throw FileError(
                path, "the header is \(length) bytes long, but only \(file.size - 8) follow: truncated?")
        }
        guard length <= Self.longestHeader else {
            throw FileError(path, "the header is \(length) bytes long, more than the \(Self.longestHeader) allowed")
        }
        let start = 8 + Int(length)
        var parser = HeaderParser(fileSize: file.size)
        let header = try file.bytes(8..<start)
        do throws(JSONError) {
            try parser.parse(header.span)
        } catch {
            throw FileError(path, parser.tensor.map { .tensor($0) }, "header, byte \(error.offset): \(error.message)")
        }
        metadata = parser.metadata
        tensors = try Self.check(parser.entries, data: start..<file.size, of: path)
        mapping = isMapped ? try file.map() : nil
    }

    /// The tensors of a header, if they fill `data` without a gap and without an overlap.
    private static func check(
        _ entries: [HeaderEntry], data: Range<Int>, of path: FilePath
    ) throws(FileError) -> [String: TensorEntry] {
        var tensors = [String: TensorEntry](minimumCapacity: entries.count)
        var end = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            func failure(_ problem: String) -> FileError { FileError(path, .tensor(entry.name), problem) }
            guard let type = ElementType(rawValue: entry.type) else { throw failure("unknown type \(entry.type)") }
            guard entry.begin <= entry.end, entry.end <= data.count else {
                throw failure("bytes \(entry.begin) to \(entry.end) are not within the \(data.count) of the data")
            }
            guard entry.begin == end else {
                throw failure("starts at byte \(entry.begin), but the tensor before it ends at \(end)")
            }
            var size = type.size
            for extent in entry.shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: extent)
                if overflow { throw failure("shape \(entry.shape) is too large") }
                size = product
            }
            guard size == entry.end - entry.begin else {
                throw failure(
                    "\(entry.type) of shape \(entry.shape) needs \(size) bytes, not \(entry.end - entry.begin)")
            }
            end = entry.end
            let range = data.lowerBound + entry.begin..<data.lowerBound + entry.end
            let tensor = TensorEntry(type: type, shape: entry.shape, bytes: range)
            if tensors.updateValue(tensor, forKey: entry.name) != nil { throw failure("is there twice") }
        }
        guard end == data.count else {
            throw FileError(path, "\(data.count - end) bytes behind the last tensor belong to none")
        }
        return tensors
    }

    /// The bytes of a tensor of this file.
    package func bytes(of tensor: TensorEntry) throws(FileError) -> [UInt8] { try file.bytes(tensor.bytes) }

    /// The same piece by piece; rows of so many elements are not taken apart.
    func pieces(of tensor: TensorEntry, row: Int = 1) -> TensorPieces { TensorPieces(file, tensor, row: row) }

    /// A tensor's elements where they lie; `nil` where the file is not mapped, or they are of another size or not aligned.
    func mapped<Element>(_ tensor: TensorEntry, as type: Element.Type) -> TensorView<Element>? {
        guard let mapping, tensor.type.size == MemoryLayout<Element>.stride else { return nil }
        return TensorView(mapping, tensor.bytes)
    }

    /// A tensor's elements in memory of their own; `nil` where they are of another size.
    func copied<Element>(_ tensor: TensorEntry, as type: Element.Type) throws(FileError) -> TensorView<Element>? {
        guard tensor.type.size == MemoryLayout<Element>.stride else { return nil }
        return TensorView(try file.copy(tensor.bytes), 0..<tensor.bytes.count)
    }

    /// Throws where the file has been written since it was opened: what was checked need not be what was read.
    package func requireUnchanged() throws(FileError) { try file.requireUnchanged() }
}
