package import SystemPackage
import JSON

/// A safetensors file, mapped into memory (format: 8 bytes of header length, a JSON header, the tensors' bytes).
///
/// Everything the header says is checked before any of it is used: types, shapes and offsets agree, no two tensors
/// overlap, and together they are the rest of the file. So a view of a tensor cannot fail for the file's sake.
package final class SafetensorsFile: Sendable {
    /// Where the file is.
    package let path: FilePath
    /// The tensors by name.
    package let tensors: [String: TensorEntry]
    /// The strings that were stored with them.
    package let metadata: [String: String]
    private let file: MappedFile

    /// Maps a file and checks its header.
    package init(_ path: FilePath) throws(WeightsError) {
        self.path = path
        file = try MappedFile(path)
        let buffer = unsafe file.buffer
        let bytes = unsafe buffer.bytes
        guard bytes.byteCount >= 8 else { throw WeightsError(path, "too short for a safetensors file") }
        let length = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(as: UInt64.self))
        guard length <= UInt64(bytes.byteCount - 8) else {
            throw WeightsError(
                path, "the header is \(length) bytes long, but only \(bytes.byteCount - 8) follow: truncated?")
        }
        let start = 8 + Int(length)
        var parser = HeaderParser(fileSize: bytes.byteCount)
        do throws(JSONError) {
            try unsafe parser.parse(UnsafeRawBufferPointer(rebasing: buffer[8..<start]).bindMemory(to: UInt8.self).span)
        } catch {
            throw WeightsError(path, tensor: parser.tensor, "header, byte \(error.offset): \(error.message)")
        }
        metadata = parser.metadata
        tensors = try Self.check(parser.entries, data: start..<bytes.byteCount, of: path)
    }

    /// The tensors of a header, if they fill `data` without a gap and without an overlap.
    private static func check(
        _ entries: [HeaderEntry], data: Range<Int>, of path: FilePath
    ) throws(WeightsError) -> [String: TensorEntry] {
        var tensors = [String: TensorEntry](minimumCapacity: entries.count)
        var end = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            func failure(_ problem: String) -> WeightsError { WeightsError(path, tensor: entry.name, problem) }
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
            throw WeightsError(path, "\(data.count - end) bytes behind the last tensor belong to none")
        }
        return tensors
    }

    /// The bytes of a tensor of this file.
    @_lifetime(borrow self)
    package func bytes(of tensor: TensorEntry) -> RawSpan {
        unsafe _overrideLifetime(UnsafeRawBufferPointer(rebasing: file.buffer[tensor.bytes]).bytes, borrowing: self)
    }

    /// A tensor's elements without a copy, or `nil` where they are of another size or not aligned in the file.
    @_lifetime(borrow self)
    func elements<Element: BitwiseCopyable>(of tensor: TensorEntry, as type: Element.Type) -> Span<Element>? {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: file.buffer[tensor.bytes])
        guard tensor.type.size == MemoryLayout<Element>.stride,
            Int(bitPattern: bytes.baseAddress) % MemoryLayout<Element>.alignment == 0
        else { return nil }
        return unsafe _overrideLifetime(bytes.bindMemory(to: type).span, borrowing: self)
    }
}
