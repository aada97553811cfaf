import Dispatch
import Model
import Kernels
import Synchronization
import Wire

/// A lane's worker. The lock costs nothing (a lane is on one thread at a time) and proves that to the compiler.
final class ModelLane<Worker: PostWorker>: Sendable {
    let worker: Mutex<Worker>

    init(_ worker: sending Worker) {
        self.worker = Mutex(worker)
    }
}

extension Pipeline {
    // MARK: Reader's thread

    /// Admits one line; returns whether more are wanted.
    func take(_ event: LineEvent) -> Bool {
        guard let sequence = window.admit() else { return false }
        let admitted = DispatchTime.now().uptimeNanoseconds
        switch event {
        case .tooLong(let line, _):
            finish(
                sequence, admitted, Answer(line: line, error: .lineTooLong(limit: plan.maxLineBytes)), text: "")
        case .line(let line, _, let bytes):
            do throws(RecordError) {
                let post = try plan.parser.parse(bytes, number: line)
                statistics.count { $0.parse.add(posts: 1, since: admitted) }
                let journey = Journey(sequence: sequence, admitted: admitted, post: post)
                send(journey, to: route.start(journey))
            } catch {
                finish(sequence, admitted, Answer(line: line, error: error), text: "")
            }
        }
        return true
    }

    // MARK: Lanes

    private func send(_ journey: Journey, to stage: Stage) {
        schedule.add(journey, to: stage) { self.perform($0, lane: $1, $2) }
    }

    private func perform(_ stage: Stage, lane: Int, _ journeys: [Journey]) {
        let start = DispatchTime.now().uptimeNanoseconds
        let travelled: [Journey]
        do throws(ShapeError) {
            switch stage {
            case .read: travelled = try read(journeys, lane)
            case .see: travelled = try see(journeys, lane)
            case .decode: travelled = journeys.map(decode)
            case .ground:
                for journey in journeys { try ground(journey, lane) }
                travelled = []
            }
            statistics.count { $0.stages[stage.rawValue].add(posts: journeys.count, since: start) }
        } catch {
            return fail(journeys, at: stage, error)
        }
        for journey in travelled {
            if let next = route.next(after: stage, journey) { send(journey, to: next) }
        }
    }

    private func read(_ journeys: [Journey], _ lane: Int) throws(ShapeError) -> [Journey] {
        let texts = journeys.map(\.text)
        let readings = try lanes[lane].worker.withLock { (worker) throws(ShapeError) in try worker.read(texts) }
        try Self.expect(readings.count, journeys.count, "readings")
        return zip(journeys, readings).map { journey, reading in
            var journey = journey
            journey.reading = reading
            return journey
        }
    }

    private func decode(_ journey: Journey) -> Journey {
        guard let pictures, let path = journey.post.image else { return journey }
        var journey = journey
        statistics.count { $0.decodes += 1 }
        do throws(PictureFailure) {
            let picture = try pictures.load(path)
            journey.patches = picture.patches
            journey.imageSize = picture.size
        } catch {
            journey.warnings.append(Warning(code: error.code, stage: "decode", message: error.message))
            statistics.count { $0.warnings[error.code, default: 0] += 1 }
        }
        return journey
    }

    private func see(_ journeys: [Journey], _ lane: Int) throws(ShapeError) -> [Journey] {
        let patches = journeys.map(\.patches)
        let seen = try lanes[lane].worker.withLock { (worker) throws(ShapeError) in try worker.see(patches) }
        try Self.expect(seen.count, journeys.count, "encoded pictures")
        return zip(journeys, seen).map { journey, features in
            var journey = journey
            journey.patches = []
            journey.features = features
            return journey
        }
    }

    /// A post without a result would never be answered, and hold its place for good.
    private static func expect(_ count: Int, _ posts: Int, _ what: String) throws(ShapeError) {
        guard count == posts else { throw ShapeError("model", expected: "\(posts) \(what)", got: "\(count)") }
    }

    private func ground(_ journey: Journey, _ lane: Int) throws(ShapeError) {
        guard let reading = journey.reading else { return }
        let explain = plan.explain
        let entities = try lanes[lane].worker.withLock { (worker) throws(ShapeError) in
            try worker.ground(reading, picture: journey.features, explain: explain)
        }
        let triples = entities.map { Triple($0, of: journey.post, in: journey.imageSize) }
        let answer = Answer(
            journey.post, triples: triples, image: journey.imageSize, warnings: journey.warnings)
        finish(journey.sequence, journey.admitted, answer, text: journey.post.text)
    }

    // MARK: Answers

    /// A model that contradicts itself is our fault: the posts say so, the stream goes on, the exit status tells.
    private func fail(_ journeys: [Journey], at stage: Stage, _ error: ShapeError) {
        statistics.count { $0.internalFaults += journeys.count }
        for journey in journeys {
            let failure = RecordError(.internalFault, stage: "\(stage)", message: error.description)
            finish(journey.sequence, journey.admitted, Answer(journey.post, error: failure), text: "")
        }
    }

    private func finish(_ sequence: Int, _ admitted: UInt64, _ answer: Answer, text: String) {
        var failure: RecordError?
        var triples = 0
        switch answer.outcome {
        case .error(let error): failure = error
        case .triples(let found, _, _): triples = found.count
        }
        var lines: [UInt8] = []
        if failure == nil || plan.onError == .emit {
            plan.writer.write(answer, text: text, into: &lines)
        }
        window.complete(
            sequence,
            with: FinishedPost(
                lines: lines, admitted: admitted, line: answer.line, triples: triples, failure: failure))
    }
}
