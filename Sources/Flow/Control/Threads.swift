import Dispatch
import Glibc
import Synchronization
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

    /// Work for a thread, and what comes of it.
    private final class Job<Result: Sendable>: Sendable {
        private let work: @Sendable () -> Result
        private let result = Mutex<Result?>(nil)

        init(_ work: @escaping @Sendable () -> Result) { self.work = work }

        func perform() {
            let result = work()
            self.result.withLock { $0 = result }
        }

        /// What came of it; where it was not begun, it is done here and now.
        var outcome: Result { result.withLock { $0 } ?? work() }
    }

    /// Does work that goes deep, and waits for its end: on a thread with a stack that is large enough, as the first one of the
    /// process has what it was given (`ulimit -s`); on this one where the system refuses another.
    static func perform<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result {
        _ = Resources.prepareThreads()
        let job = Job(work)
        let perform = Closure(job.perform)
        var thread = pthread_t()
        let refusal = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Closure>.fromOpaque(argument).takeUnretainedValue().body()
                }
                return nil
            }, Unmanaged.passUnretained(perform).toOpaque())
        // Until then this function holds on to what the thread was given.
        if refusal == 0 { pthread_join(thread, nil) }
        return withExtendedLifetime(perform) { job.outcome }
    }

    /// A closure that a pointer can stand for.
    private final class Closure: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
