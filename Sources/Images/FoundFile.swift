import Glibc
import SystemPackage

/// A file that was found and not opened, so that a device or FIFO notices nothing of it.
struct FoundFile {
    let descriptor: FileDescriptor
    /// Where the kernel names open files: `/proc/self/fd`.
    let names: FilePath

    /// Linux' `O_PATH`, which Glibc's module leaves out.
    private static let onlyFind: CInt = 0o10_000_000

    /// Finds what a path leads to.
    static func at(_ path: FilePath, names: FilePath, isFolder: Bool = false) throws(ImageError) -> FoundFile {
        let flags = isFolder ? onlyFind | O_DIRECTORY : onlyFind
        return FoundFile(descriptor: try open(path, flags), names: names)
    }

    /// Finds a name in this folder; a link is found itself.
    func entry(_ name: FilePath) throws(ImageError) -> FoundFile {
        FoundFile(descriptor: try Self.open(name, Self.onlyFind | O_NOFOLLOW, in: descriptor), names: names)
    }

    /// Does nothing that could fail: nothing was written.
    func close() { try? descriptor.close() }

    func type() throws(ImageError) -> FileType { try Self.status(of: descriptor).type }

    /// Where a link leads.
    func target() throws(ImageError) -> FilePath {
        try unsafe Self.path { buffer, size in unsafe readlinkat(descriptor.rawValue, "", buffer, size) }
    }

    /// Where the file lies now, free of links; `nil` where the kernel's names are not to be had.
    func location() throws(ImageError) -> FilePath? {
        do throws(ImageError) {
            return try unsafe Self.path { buffer, size in
                unsafe link.withPlatformString { name in unsafe readlink(name, buffer, size) }
            }
        } catch {
            if error.code == .missing { return nil }
            throw error
        }
    }

    /// Opens it for reading, if it is a regular file: by the kernel's name for it, which is this file whatever has become of
    /// the path.
    ///
    /// - Parameters:
    ///   - name: what it is called in `folder`, or a path, for where the kernel's names are not to be had.
    ///   - follows: whether `name` may be a link.
    func open(orElse name: FilePath, in folder: FoundFile? = nil, follows: Bool) throws(ImageError) -> FileDescriptor {
        let found = try Self.status(of: descriptor)
        guard found.type == .regular else { throw ImageError(.notRegular, "not a regular file") }
        // Regular files do not block; should it be none by now, nothing waits.
        let flags = O_NONBLOCK | O_NOCTTY
        do throws(ImageError) {
            return try Self.open(link, flags)
        } catch {
            guard error.code == .missing else { throw error }
        }
        let file = try Self.open(name, follows ? flags : flags | O_NOFOLLOW, in: folder?.descriptor)
        do throws(ImageError) {
            let opened = try Self.status(of: file)
            guard opened.inode == found.inode, opened.deviceID == found.deviceID else {
                throw ImageError(.unreadable, "another file took its place while it was opened")
            }
            return file
        } catch {
            try? file.close()
            throw error
        }
    }

    private var link: FilePath { names.appending("\(descriptor.rawValue)") }

    private static func status(of file: FileDescriptor) throws(ImageError) -> Stat {
        do throws(Errno) {
            return try file.stat()
        } catch {
            throw ImageError(error)
        }
    }

    private static func open(
        _ path: FilePath, _ flags: CInt, in folder: FileDescriptor? = nil
    ) throws(ImageError) -> FileDescriptor {
        let start = folder?.rawValue ?? AT_FDCWD
        while true {
            let file = unsafe path.withPlatformString { name in unsafe openat(start, name, flags | O_CLOEXEC) }
            if file >= 0 { return FileDescriptor(rawValue: file) }
            let cause = Errno(rawValue: errno)
            if cause != .interrupted { throw ImageError(cause) }
        }
    }

    /// A path that `read` puts into a buffer; it returns its length.
    private static func path(
        _ read: (UnsafeMutablePointer<CChar>, Int) -> Int
    ) throws(ImageError) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = unsafe buffer.withUnsafeMutableBufferPointer { memory in
            guard let start = memory.baseAddress else { return -1 }
            return unsafe read(start, memory.count - 1)
        }
        guard length > 0 else { throw ImageError(Errno(rawValue: errno)) }
        return FilePath(platformString: buffer)
    }
}
