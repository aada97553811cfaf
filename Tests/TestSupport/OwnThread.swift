import Dispatch
public import Testing

/// Runs each test on a thread of its own: for tests that block, on pipes, processes and gates.
///
/// The threads that other tests run on are as many as there are processors. Tests that blocked them would hold up the
/// rest, and the clock of a time limit with them: a suite could report 99 seconds under a limit of 60 and pass.
public struct OwnThread: SuiteTrait, TestTrait, TestScoping {
    /// Each test of a suite, not the suite as a whole.
    public var isRecursive: Bool { true }

    /// Runs a test.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(QueueExecutor(test.name)) { try await body() }
    }
}

extension Trait where Self == OwnThread {
    /// For tests that block.
    public static var onItsOwnThread: Self { Self() }
}

/// A serial queue, which Dispatch gives a thread whenever it has something to do.
private final class QueueExecutor: TaskExecutor {
    private let queue: DispatchQueue

    init(_ name: String) { queue = DispatchQueue(label: "test.\(name)") }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
