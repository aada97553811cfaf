package import SystemPackage
import Glibc

/// What is done to folders.
package enum Folder {
    /// Makes a folder, and those that it lies in, as far as they are missing.
    package static func create(_ path: FilePath) throws(FileError) {
        if path.isEmpty || (try? path.stat())?.type == .directory { return }
        let parent = path.removingLastComponent()
        if parent != path { try create(parent) }
        if unsafe path.withPlatformString({ unsafe mkdir($0, 0o777) }) == 0 { return }
        let cause = Errno(rawValue: errno)
        // Somebody else may have made it in between.
        if cause == .fileExists, (try? path.stat())?.type == .directory { return }
        throw FileError(path, "cannot be made", cause)
    }

    /// Brings the names of a folder's files to the disk; `""` is the folder that the process is in.
    package static func flush(_ path: FilePath) throws(FileError) {
        do {
            let folder = try FileDescriptor.open(
                path.isEmpty ? "." : path, .readOnly, options: [.directory, .closeOnExec])
            defer { try? folder.close() }
            // Some file systems keep names without being asked, and know nothing to flush.
            if fsync(folder.rawValue) != 0, errno != EINVAL { throw Errno(rawValue: errno) }
        } catch {
            throw FileError(path, "cannot be flushed to disk", error as? Errno ?? .ioError)
        }
    }
}
