import Glibc
package import SystemPackage

/// A folder that stays open: its files are those of the folder that was opened, whatever has its name by then.
package final class OpenFolder: Sendable {
    /// Where it was.
    package let path: FilePath
    private let descriptor: FileDescriptor

    /// `O_PATH`, which C shows to GNU sources alone.
    private static let pathOnly: CInt = 0o10_000_000

    /// Opens a folder; its files need not be listed for that, so the right to do so is not needed.
    ///
    /// - Throws: ``FileError``; its `cause` is `.noSuchFileOrDirectory` where there is none.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        do {
            let options = FileDescriptor.OpenOptions(rawValue: Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
            descriptor = try FileDescriptor.open(path.isEmpty ? "." : path, .readOnly, options: options)
        } catch {
            throw FileError(path, error as? Errno ?? .ioError)
        }
    }

    deinit { try? descriptor.close() }

    /// Opens one of its files, as ``RegularFile/open(_:)`` does.
    package func open(_ name: FilePath.Component) throws(FileError) -> FileDescriptor {
        try RegularFile.open(FilePath(root: nil, [name]), from: descriptor, of: path.appending(name))
    }
}
