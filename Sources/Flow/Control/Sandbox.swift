import CLinux
package import SystemPackage

/// What the process gives up before it reads anything that others wrote: a fault in a decoder then finds little to take.
package enum Sandbox {
    /// Files that stay within reach.
    package struct Reach: Sendable {
        /// Files and folders that may be read.
        package var readable: [FilePath]
        /// Folders in which files may be made, written and replaced.
        package var writable: [FilePath]

        /// Files by what may be done with them.
        package init(readable: [FilePath], writable: [FilePath] = []) {
            self.readable = readable
            self.writable = writable
        }
    }

    /// Gives up, as far as the kernel allows it: privileges of programs to come, calls that start programs or open sockets,
    /// and access to files beyond `reach`. It holds for this thread and those that it starts from now on; descriptors that are
    /// open stay as they are.
    ///
    /// - Returns: what is in force now: `["no_new_privs", "seccomp", "landlock 7"]`.
    package static func enter(_ reach: Reach) -> [String] {
        guard linux_gain_nothing() == 0 else { return [] }
        var inForce = ["no_new_privs"]
        if linux_restrict_calls() == 0 { inForce.append("seccomp") }
        if restrictFiles(reach) { inForce.append("landlock \(linux_landlock_version())") }
        return inForce
    }

    /// What the kernel would allow to be in force.
    package static var available: String {
        let version = linux_landlock_version()
        return version > 0 ? "landlock \(version)" : "no landlock"
    }

    private static func restrictFiles(_ reach: Reach) -> Bool {
        let readable = descriptors(reach.readable)
        let writable = descriptors(reach.writable)
        defer { for descriptor in readable + writable { try? descriptor.close() } }
        // Something that is within reach and cannot be found now might be there later: then nothing is taken away.
        guard readable.count == reach.readable.count, writable.count == reach.writable.count else { return false }
        let (read, write) = (readable.map(\.rawValue), writable.map(\.rawValue))
        return unsafe linux_restrict_files(read, read.count, write, write.count) == 0
    }

    private static func descriptors(_ paths: [FilePath]) -> [FileDescriptor] {
        paths.compactMap {
            try? FileDescriptor.open($0, .readOnly, options: [.init(rawValue: pathOnly), .closeOnExec])
        }
    }

    /// `O_PATH`, which Glibc's module leaves out: the file is named, not opened.
    private static let pathOnly: CInt = 0o10000000
}
