import Glibc

/// A pipe that programs started at the same time do not inherit: one of them holding an end would keep the other from seeing
/// that it is closed.
public enum PrivatePipe {
    /// The descriptors of its ends; `nil`, and why in `errno`, where there are none left.
    public static func open() -> (readEnd: Int32, writeEnd: Int32)? {
        var ends: [Int32] = [-1, -1]
        return pipe2(&ends, O_CLOEXEC) == 0 ? (ends[0], ends[1]) : nil
    }

    /// Whether nobody can read any more what is written, waiting for programs that were started meanwhile to let go of it.
    public static func isAbandoned(_ writeEnd: Int32) -> Bool {
        var state = pollfd(fd: writeEnd, events: 0, revents: 0)
        return poll(&state, 1, 60_000) == 1 && state.revents & Int16(POLLERR) != 0
    }

    /// Linux' pipe2(2), which Glibc's module leaves out.
    private static let pipe2 = unsafeBitCast(
        dlsym(nil, "pipe2"), to: (@convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32).self)
}
