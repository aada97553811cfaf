import Glibc
import SystemPackage

/// Notices when a file below a folder, or the folder, is opened or read.
final class Watcher {
    private let descriptor: FileDescriptor

    /// Watches folders, and what is directly in them.
    init(_ folders: [FilePath]) throws {
        let number = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard number >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: number)
        for folder in folders {
            guard inotify_add_watch(number, folder.string, UInt32(IN_OPEN | IN_ACCESS)) >= 0 else {
                throw Errno(rawValue: errno)
            }
        }
    }

    deinit { try? descriptor.close() }

    /// How many bytes of notices there are since the last call: none if nothing was opened or read.
    func notices() -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        return (try? buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }) ?? 0
    }
}
