import Files
import SystemPackage

/// Reads a file from its beginning and keeps the checksum of what it has read.
final class ChecksummedReader {
    private let path: FilePath
    private let descriptor: FileDescriptor
    private(set) var checksum = CRC32C()

    init(_ path: FilePath) throws(TrainingError) {
        self.path = path
        do throws(FileError) {
            descriptor = try RegularFile.open(path)
        } catch {
            throw TrainingError(.input, "cannot read \(error)")
        }
    }

    deinit { try? descriptor.close() }

    func bytes(_ count: Int) throws(TrainingError) -> [UInt8] {
        var bytes = Array(repeating: UInt8(0), count: count)
        if let error = unsafe bytes.withUnsafeMutableBytes({ unsafe fill($0) }) { throw error }
        unsafe checksum.update(bytes.span.bytes)
        return bytes
    }

    func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(TrainingError) -> Number {
        try bytes(Number.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    func floats(_ run: FloatView) throws(TrainingError) {
        var run = run
        var span = run.mutableSpan
        if let error = unsafe span.withUnsafeMutableBytes({ unsafe fill($0) }) { throw error }
        unsafe checksum.update(run.span.bytes)
    }

    /// Reads until the buffer is full; returns what stopped it.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> TrainingError? {
        var done = 0
        while done < buffer.count {
            do {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                let count = try unsafe descriptor.read(into: rest)
                if count == 0 { return TrainingError(.checkpoint, "\(path) is torn: it ends too early") }
                done += count
            } catch {
                return TrainingError(.checkpoint, "cannot read \(path): \(error)")
            }
        }
        return nil
    }
}
