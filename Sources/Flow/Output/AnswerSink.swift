import Synchronization

/// Where answers go, one thread at a time.
protocol AnswerSink: Sendable {
    /// Writes answers that follow each other; returns when that is done.
    func write(_ answers: ArraySlice<FinishedPost>) throws(WriteFailure)
}

extension LineSink: AnswerSink {
    func write(_ answers: ArraySlice<FinishedPost>) throws(WriteFailure) { try write(answers.flatMap(\.lines)) }
}

/// Keeps answers in memory.
final class AnswerList: AnswerSink {
    private let answers = Mutex<[FinishedPost]>([])

    func write(_ answers: ArraySlice<FinishedPost>) { self.answers.withLock { $0 += answers } }

    /// What has been written so far.
    var all: [FinishedPost] { answers.withLock { $0 } }
}
