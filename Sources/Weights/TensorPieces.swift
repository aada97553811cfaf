import Files
/// The elements of a tensor, read piece by piece into one buffer: no more than a piece is ever in memory.
struct TensorPieces {
    private let file: OpenFile
    private let tensor: TensorEntry
    /// Elements of a piece.
    private let step: Int
    private var end = 0
    private var buffer: [UInt8] = []

    /// Small enough to stay in the cache between reading and converting.
    private static let bytes = 1 << 16

    /// - Parameter row: Elements that are not taken apart.
    init(_ file: OpenFile, _ tensor: TensorEntry, row: Int = 1) {
        self.file = file
        self.tensor = tensor
        let row = max(row, 1)
        step = max(Self.bytes / tensor.type.size / row, 1) * row
    }

    /// Reads the next piece; returns which elements it has, or `nil` at the end.
    mutating func next() throws(FileError) -> Range<Int>? {
        guard end < tensor.count else { return nil }
        let piece = end..<min(end + step, tensor.count)
        let size = tensor.type.size
        let bytes = piece.count * size
        if buffer.count < bytes { buffer = [UInt8](repeating: 0, count: bytes) }
        buffer.removeLast(buffer.count - bytes)
        let start = tensor.bytes.lowerBound + piece.lowerBound * size
        if let error = unsafe buffer.withUnsafeMutableBytes({ buffer -> FileError? in
            do throws(FileError) {
                try unsafe file.read(at: start, into: buffer)
                return nil
            } catch {
                return error
            }
        }) {
            throw error
        }
        end = piece.upperBound
        return piece
    }

    /// The bytes of the piece.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(buffer.span.bytes, borrowing: self) }
    }
}
