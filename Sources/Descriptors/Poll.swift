import Glibc
package import SystemPackage

/// Waiting for descriptors with poll(2).
package enum Poll {
    /// What a descriptor waits for.
    package struct Interest {
        let descriptor: FileDescriptor
        let events: Int32

        /// Bytes to read, or the end of them.
        package static func readable(_ descriptor: FileDescriptor) -> Interest {
            Interest(descriptor: descriptor, events: POLLIN)
        }

        /// Room to write.
        package static func writable(_ descriptor: FileDescriptor) -> Interest {
            Interest(descriptor: descriptor, events: POLLOUT)
        }

        /// Nothing but the departure of whoever is at the other end.
        package static func hangUp(_ descriptor: FileDescriptor) -> Interest {
            Interest(descriptor: descriptor, events: 0)
        }
    }

    /// Sleeps until at least one descriptor is ready, failed or hung up, or for so many milliseconds; returns which are.
    package static func wait(_ interests: [Interest], milliseconds: Int32 = -1) -> [Bool] {
        var polled = interests.map { pollfd(fd: $0.descriptor.rawValue, events: Int16($0.events), revents: 0) }
        // Interrupted, or out of kernel memory for a moment: nothing that a second try could not heal.
        while unsafe poll(&polled, nfds_t(polled.count), milliseconds) < 0 {}
        return polled.map { $0.revents != 0 }
    }
}
