import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A file that appears under its name only when it is whole: written beside it, flushed to disk, then renamed.
final class AtomicFile {
    private let path: FilePath
    private let temporary: FilePath
    private var descriptor: FileDescriptor?
    private(set) var checksum = CRC32C()

    init(_ path: FilePath) throws(TrainingError) {
        self.path = path
        temporary = FilePath("\(path).partial")
        do {
            descriptor = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw TrainingError(.file, "cannot write \(path): \(error)")
        }
    }

    deinit {
        if let descriptor {
            try? descriptor.close()
            _ = unsafe temporary.withPlatformString { unsafe unlink($0) }
        }
    }

    func write(_ bytes: [UInt8]) throws(TrainingError) { try unsafe write(bytes.span.bytes) }

    func write(_ floats: FloatBlock) throws(TrainingError) { try unsafe write(floats.span.bytes) }

    private func write(_ bytes: RawSpan) throws(TrainingError) {
        checksum.update(bytes)
        guard let descriptor else { return }
        do {
            _ = try unsafe bytes.withUnsafeBytes { try unsafe descriptor.writeAll($0) }
        } catch {
            throw TrainingError(.file, "cannot write \(path): \(error)")
        }
    }

    /// Makes the file appear under its name.
    func commit() throws(TrainingError) {
        guard let file = descriptor else { return }
        descriptor = nil
        do {
            try Self.check(fsync(file.rawValue))
            try file.close()
            try Self.check(
                unsafe temporary.withPlatformString { from in
                    unsafe path.withPlatformString { to in unsafe rename(from, to) }
                })
            let folder = path.removingLastComponent()
            let directory = try FileDescriptor.open(folder.isEmpty ? "." : folder, .readOnly, options: .directory)
            defer { try? directory.close() }
            try Self.check(fsync(directory.rawValue))
        } catch {
            throw TrainingError(.file, "cannot write \(path): \(error)")
        }
    }

    private static func check(_ status: Int32) throws(Errno) {
        if status != 0 { throw Errno(rawValue: errno) }
    }
}

/// Reads a file from its beginning and keeps the checksum of what it has read.
final class ChecksummedReader {
    private let path: FilePath
    private let descriptor: FileDescriptor
    private(set) var checksum = CRC32C()

    init(_ path: FilePath) throws(TrainingError) {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw TrainingError(.checkpoint, "cannot read \(path): \(error)")
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

    func floats(_ run: FloatBlock) throws(TrainingError) {
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
