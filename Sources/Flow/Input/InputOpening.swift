import Glibc
package import SystemPackage

/// An input that cannot be used, in words.
package struct InputFailure: Error, Equatable {
    /// Names the input and the reason.
    package let message: String

    /// Sees whether a directory is there, `name` being how messages call it.
    package static func check(directory path: FilePath, named name: String) throws(InputFailure) {
        do {
            guard try path.stat().type == .directory else { throw Errno.notDirectory }
        } catch {
            throw InputFailure(message: "\(name) \(path): \(error)")
        }
    }
}

extension Input {
    /// Sees whether an input can be opened, without opening it: for a message before any work is done.
    package func check() throws(InputFailure) {
        guard case .file(let path) = self else { return }
        do {
            guard try path.stat().type != .directory else { throw Errno.isDirectory }
        } catch {
            throw InputFailure(message: "\(path): \(error)")
        }
        guard unsafe path.withPlatformString({ unsafe access($0, R_OK) }) == 0 else {
            throw InputFailure(message: "\(path): \(Errno(rawValue: errno))")
        }
    }

    /// A descriptor to read from.
    func open() throws(InputFailure) -> FileDescriptor {
        switch self {
        case .standardInput:
            return .standardInput
        case .descriptor(let descriptor):
            return descriptor
        case .file(let path):
            try check()
            do {
                // Non-blocking, so that a FIFO nobody writes to yet is waited for in poll(2), where a signal is heard.
                return try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            } catch {
                throw InputFailure(message: "\(path): \(error)")
            }
        }
    }
}
