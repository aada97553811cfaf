import Dispatch
import Files
import SystemPackage
import Wire

/// Takes answers out of the window and writes them.
///
/// All answers that are due go into one write: many while the stream is busy, one at a time when it is idle.
struct OutputWriter: Sendable {
    let window: OrderedWindow<FinishedPost>
    let sink: any AnswerSink
    let statistics: Statistics
    let lineBuffered: Bool
    let stopsAtFailure: Bool
    /// Remembers what was written.
    let checkpoint: StreamCheckpoint?
    /// Where records without an answer go, before their answers go out.
    let deadLetters: LineSink?

    /// Writes until the window is finished or cancelled, a write fails, or a record fails that must not.
    func run() -> Ending? {
        var memory = MemoryReturn()
        while true {
            memory.giveBack()
            switch window.take() {
            case .finished: return .endOfInput
            case .cancelled: return nil
            case .answers(let answers):
                memory.note(answers)
                if let errno = putAside(answers) { return .deadLettersFailed(errno) }
                do throws(WriteFailure) {
                    if let ending = try write(answers) { return ending }
                    if let failure = remember(answers.count) { return .checkpointFailed(failure) }
                } catch {
                    return switch error {
                    case .closed: .outputClosed
                    case .failed(let errno): .outputFailed(errno)
                    }
                }
            }
        }
    }

    /// Returns what is wrong if that cannot be.
    private func remember(_ count: Int) -> String? {
        do throws(FileError) {
            try checkpoint?.written(count)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Puts records without an answer aside; returns what the system said if it refused.
    private func putAside(_ answers: [FinishedPost]) -> Errno? {
        guard let deadLetters else { return nil }
        // Where the stream stops at the first, those behind it are not answered either.
        let last = stopsAtFailure ? answers.firstIndex { $0.failure != nil } : nil
        do throws(WriteFailure) {
            try deadLetters.write(answers.prefix(through: last ?? answers.count - 1).flatMap(\.deadLetter))
            return nil
        } catch {
            return switch error {
            case .closed: .brokenPipe
            case .failed(let errno): errno
            }
        }
    }

    private func write(_ answers: [FinishedPost]) throws(WriteFailure) -> Ending? {
        let last = stopsAtFailure ? answers.firstIndex { $0.failure != nil } ?? answers.endIndex : answers.endIndex
        if lineBuffered {
            for answer in answers[..<last] { try write([answer][...]) }
        } else {
            try write(answers[..<last])
        }
        guard last < answers.endIndex, let failure = answers[last].failure else { return nil }
        count([answers[last]])
        return .recordFailed(line: answers[last].line, failure)
    }

    private func write(_ answers: ArraySlice<FinishedPost>) throws(WriteFailure) {
        let start = DispatchTime.now().uptimeNanoseconds
        statistics.count { $0.isWriting = true }
        try sink.write(answers)
        statistics.count {
            $0.write.add(posts: answers.count, since: start)
            $0.isWriting = false
            $0.lastWrite = statistics.elapsed
        }
        count(answers)
        window.written(answers.count)
    }

    private func count(_ answers: ArraySlice<FinishedPost>) {
        let now = DispatchTime.now().uptimeNanoseconds
        statistics.count { tally in
            for answer in answers {
                tally.posts += 1
                tally.triples += answer.triples
                tally.latency.add(now - answer.admitted)
                guard let failure = answer.failure else { continue }
                tally.errors[failure.code.rawValue, default: 0] += 1
                if tally.firstFailure == nil {
                    tally.firstFailure = "line \(answer.line): \(failure.code.rawValue): \(failure.message)"
                }
            }
        }
    }
}
