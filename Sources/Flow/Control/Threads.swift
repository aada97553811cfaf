import Dispatch
import Glibc
import SystemPackage

/// Threads that a stream will need.
///
/// Dispatch starts them one by one, and where the system refuses one (`ulimit -u`, `pids.max`) it tries again each second for
/// ever, in silence. So it is tried here first, where there is somebody to tell.
enum Threads {
    /// Holds threads back until all have been started.
    private final class Gate: Sendable {
        private let turn = DispatchSemaphore(value: 0)
        func pass() { turn.wait() }
        func open(for count: Int) { for _ in 0..<count { turn.signal() } }
    }

    /// Starts `count` threads that do nothing, and waits for their end.
    ///
    /// - Throws: what the system said to the first that it refused.
    static func tryOut(_ count: Int) throws(Errno) {
        let gate = Gate()
        var started: [pthread_t] = []
        var refusal: Int32 = 0
        while started.count < count, refusal == 0 {
            var thread = pthread_t()
            refusal = unsafe pthread_create(
                &thread, nil,
                { argument in
                    if let argument = unsafe argument {
                        unsafe Unmanaged<Gate>.fromOpaque(argument).takeRetainedValue().pass()
                    }
                    return nil
                }, Unmanaged.passRetained(gate).toOpaque())
            if refusal == 0 { started.append(thread) } else { unsafe Unmanaged.passUnretained(gate).release() }
        }
        gate.open(for: started.count)
        for thread in started { pthread_join(thread, nil) }
        if refusal != 0 { throw Errno(rawValue: refusal) }
    }
}
