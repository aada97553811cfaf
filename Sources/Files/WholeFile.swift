package import SystemPackage

/// Files that are wanted whole. Every one is read here, so that each has a limit.
package enum WholeFile {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: a regular file.
    ///   - maxBytes: a file with more is refused, before more has been read.
    ///   - mayBeStream: for what a command line names: `-` is standard input, and a pipe or a device is read too, as
    ///     `cat` would, waiting for whoever writes it.
    /// - Throws: ``FileError``; its `cause` is `.noSuchFileOrDirectory` where there is no such file.
    package static func read(
        _ path: FilePath, maxBytes: Int, mayBeStream: Bool = false
    ) throws(FileError) -> [UInt8] {
        if mayBeStream, path == "-" { return try contents(of: .standardInput, path, maxBytes) }
        return try contentsClosing(mayBeStream ? openStream(path) : RegularFile.open(path), path, maxBytes)
    }

    /// Reads a file of an open folder, in the same way.
    package static func read(
        _ name: FilePath.Component, in folder: OpenFolder, maxBytes: Int
    ) throws(FileError) -> [UInt8] {
        try contentsClosing(folder.open(name), folder.path.appending(name), maxBytes)
    }

    private static func contentsClosing(
        _ file: FileDescriptor, _ path: FilePath, _ maxBytes: Int
    ) throws(FileError) -> [UInt8] {
        // Nothing was written, so nothing is lost when closing fails.
        defer { try? file.close() }
        return try contents(of: file, path, maxBytes)
    }

    private static func openStream(_ path: FilePath) throws(FileError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw FileError(path, error as? Errno ?? .ioError)
        }
    }

    /// The bytes of an open file from where it stands to its end, or `limit` of them where it has more.
    package static func contents(of file: FileDescriptor, upTo limit: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than it says it has, so that its end is met without another turn.
        let size = (try? file.stat()).map { Int($0.size) } ?? 0
        let expected = min(limit, max(0, size)) &+ 1
        bytes.reserveCapacity(min(limit, expected))
        var chunk = [UInt8](repeating: 0, count: min(limit, max(expected, 1 << 16), 1 << 20))
        while bytes.count < limit {
            let room = min(chunk.count, limit - bytes.count)
            let count: Int
            do {
                count = try unsafe chunk.withUnsafeMutableBytes {
                    try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<room]))
                }
            } catch {
                throw error as? Errno ?? .ioError
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func contents(
        of file: FileDescriptor, _ path: FilePath, _ maxBytes: Int
    ) throws(FileError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try contents(of: file, upTo: maxBytes + 1)
        } catch {
            throw FileError(path, error)
        }
        guard bytes.count <= maxBytes else {
            throw FileError(path, "more than the \(maxBytes) bytes that are allowed", cause: .fileTooLarge)
        }
        return bytes
    }
}
