import Synchronization

/// Where answers go, one thread at a time.
protocol AnswerSink: Sendable {
    /// Writes answers that follow each other; returns when that is done.
    func write(_ answers: ArraySlice<FinishedPost>) throws(WriteFailure)
}

extension LineSink: AnswerSink {
    /// Puts answers together to writes of about ``AnswerRest/piece`` at most.
    func write(_ answers: ArraySlice<FinishedPost>) throws(WriteFailure) {
        var lines: [UInt8] = []
        for answer in answers {
            lines += answer.lines
            var rest = answer.rest
            while rest != nil || lines.count >= AnswerRest.piece {
                try write(lines)
                lines.removeAll(keepingCapacity: rest != nil)
                rest = rest?.appendNext(to: &lines)
            }
        }
        try write(lines)
    }
}

/// Keeps answers in memory.
final class AnswerList: AnswerSink {
    private let answers = Mutex<[FinishedPost]>([])

    func write(_ answers: ArraySlice<FinishedPost>) { self.answers.withLock { $0 += answers } }

    /// What has been written so far.
    var all: [FinishedPost] { answers.withLock { $0 } }
}

/// Hands answers to somebody in this program.
struct AnswerTaker: AnswerSink {
    let take: @Sendable (FinishedPost) -> Void

    func write(_ answers: ArraySlice<FinishedPost>) { answers.forEach(take) }
}
