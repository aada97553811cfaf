import Glibc
package import SystemPackage

/// Files that lie in folders or that data name. Anything may have their names: a pipe that nobody writes to, a device that
/// is touched by being opened.
package enum RegularFile {
    /// Opens a regular file for reading, and nothing else: what is there in its place is not opened, and not waited for.
    ///
    /// - Throws: ``FileError``; its `cause` is `.noSuchFileOrDirectory` where there is no such file.
    package static func open(_ path: FilePath) throws(FileError) -> FileDescriptor {
        do {
            // Looked at before: opening alone lets a pipe's writer go on, or rewinds a tape.
            try check(path.stat(), path)
            // And after: names change. Whatever it is by now, opening it does not wait.
            let options = FileDescriptor.OpenOptions(rawValue: O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
            let file = try FileDescriptor.open(path, .readOnly, options: options)
            do {
                try check(file.stat(), path)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw (error as? FileError) ?? FileError(path, error as? Errno ?? .ioError)
        }
    }

    private static func check(_ status: Stat, _ path: FilePath) throws(FileError) {
        switch status.type {
        case .regular: return
        case .directory: throw FileError(path, .isDirectory)
        default: throw FileError(path, "not a regular file")
        }
    }
}

extension FileError {
    /// What the system says of a file that was to be read.
    init(_ path: FilePath, _ cause: Errno) { self.init(path, "\(cause)", cause: cause) }
}
