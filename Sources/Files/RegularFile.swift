import Glibc
package import SystemPackage

/// Files that lie in folders or that data name. Anything may have their names: a pipe that nobody writes to, a device that
/// is touched by being opened.
package enum RegularFile {
    /// Opens a regular file for reading, and nothing else: what is there in its place is not opened, and not waited for.
    ///
    /// - Throws: ``FileError``; its `cause` is `.noSuchFileOrDirectory` where there is no such file.
    package static func open(_ path: FilePath) throws(FileError) -> FileDescriptor {
        try open(path, from: FileDescriptor(rawValue: AT_FDCWD), of: path)
    }

    /// Opens the file that a path leads to from a folder; `named` is what errors call it.
    static func open(
        _ path: FilePath, from folder: FileDescriptor, of named: FilePath
    ) throws(FileError) -> FileDescriptor {
        do {
            // Looked at before: opening alone lets a pipe's writer go on, or rewinds a tape.
            try check(Stat(path, relativeTo: folder, flags: []), named)
            // And after: names change. Whatever it is by now, opening it does not wait.
            let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            let number = unsafe path.withPlatformString { name in
                while true {
                    let number = unsafe openat(folder.rawValue, name, flags)
                    // A signal may come while a file system that is far away answers.
                    if number >= 0 || errno != EINTR { return number }
                }
            }
            guard number >= 0 else { throw Errno(rawValue: errno) }
            let file = FileDescriptor(rawValue: number)
            do {
                try check(file.stat(), named)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw (error as? FileError) ?? FileError(named, error as? Errno ?? .ioError)
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
