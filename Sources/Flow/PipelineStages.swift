import Delegates
import Dispatch
import Kernels
import Wire

extension Pipeline {
    // MARK: Reader's thread

    /// Admits one line, which begins at `position`; returns whether more are wanted.
    func take(_ event: LineEvent, at position: StreamPosition) -> Bool {
        guard let sequence = window.admit() else { return false }
        plan.checkpoint?.admitted(position)
        let admitted = DispatchTime.now().uptimeNanoseconds
        switch event {
        case .tooLong(let line, let offset):
            let error = RecordError.lineTooLong(limit: plan.maxLineBytes, offset: offset)
            complete(
                sequence, ofBytes: plan.maxLineBytes, with: work.format.refusal(line: line, admitted: admitted, error))
        case .blank(let line, _):
            complete(sequence, ofBytes: 0, with: work.format.blank(line: line, admitted: admitted))
        case .line(let line, _, let bytes):
            do throws(RecordError) {
                let post = try plan.parser.parse(bytes, number: line)
                statistics.count { $0.parse.add(posts: 1, since: admitted) }
                var journey = Journey(sequence: sequence, admitted: admitted, post: post, bytes: bytes.count)
                if plan.deadLetters != nil { journey.record = bytes }
                begin(journey)
            } catch {
                let answer = work.format.refusal(line: line, admitted: admitted, error, record: bytes)
                complete(sequence, ofBytes: bytes.count, with: answer)
            }
        }
        return true
    }

    /// Admits one post that needs no parsing; returns whether more are wanted.
    func take(_ post: Post) -> Bool {
        guard let sequence = window.admit() else { return false }
        let admitted = DispatchTime.now().uptimeNanoseconds
        begin(Journey(sequence: sequence, admitted: admitted, post: post, bytes: post.text.utf8.count))
        return true
    }

    private func begin(_ journey: Journey) {
        if !journey.post.warnings.isEmpty {
            statistics.count { for warning in journey.post.warnings { $0.warnings[warning.code, default: 0] += 1 } }
        }
        send(journey, to: route.start(journey))
    }

    // MARK: Lanes

    private func send(_ journey: Journey, to stage: Stage) {
        schedule.add(journey, to: stage) { self.perform($0, lane: $1, $2) }
    }

    /// Has a stage done, and does with each post what its outcome says. Nothing else finishes posts that were parsed.
    private func perform(_ stage: Stage, lane: Int, _ journeys: [Journey]) {
        let start = DispatchTime.now().uptimeNanoseconds
        let outcomes = work.outcomes(of: stage, lane: lane, journeys)
        let spent = DispatchTime.now().uptimeNanoseconds - start
        statistics.count { $0.stages[stage.rawValue].add(posts: journeys.count, since: start) }
        for (journey, outcome) in zip(journeys, outcomes) {
            switch outcome {
            case .goesOn(let found):
                var journey = journey
                journey.found = found
                journey.spent += spent
                send(journey, to: route.next(after: stage, journey))
            case .asks(let requests, let found):
                var asking = journey
                asking.found = found
                asking.spent += spent
                ask(requests, for: asking)
            case .answered(let answer):
                complete(journey.sequence, ofBytes: journey.bytes, with: answer)
            case .failed(let error):
                // A model that contradicts itself is our fault: the post says so, the stream goes on, the exit
                // status tells.
                statistics.count { $0.internalFaults += 1 }
                complete(
                    journey.sequence, ofBytes: journey.bytes, with: work.format.failure(of: journey, at: stage, error))
            }
        }
    }

    /// Has a post come back to the stage that asks when its questions are over. Until then it takes no lane, only its place in
    /// the window.
    private func ask(_ requests: [DelegateRequest], for journey: Journey) {
        plan.consultation?.delegate.ask(requests) { [self] outcomes in
            var journey = journey
            journey.found.consultation.outcomes = outcomes
            send(journey, to: .consult)
        }
    }

    private func complete(_ sequence: Int, ofBytes bytes: Int, with answer: FinishedPost) {
        var answer = answer
        answer.recordBytes = bytes
        // A second answer to one post would be a fault of this file.
        if !window.complete(sequence, with: answer) { statistics.count { $0.internalFaults += 1 } }
    }
}
