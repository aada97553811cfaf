import Delegates
import Images
import Kernels
import KnowledgeBase
import Model
import Synchronization
import Text
import Wire

/// A lane's worker. The lock costs nothing (a lane is on one thread at a time) and proves that to the compiler.
final class ModelLane<Worker: PostWorker>: Sendable {
    let worker: Mutex<Worker>

    init(_ worker: sending Worker) {
        self.worker = Mutex(worker)
    }
}

extension ModelLane: TextVectors {
    func vectors(of texts: [String]) throws(ShapeError) -> [[Float]] {
        try worker.withLock { (worker) throws(ShapeError) in try worker.vectors(of: texts) }
    }
}

/// What became of a post at a stage: one of these and nothing else.
enum StageOutcome: Sendable {
    /// It goes on, with what has been found so far.
    case goesOn(Findings)
    /// It comes back to the stage with what becomes of some questions.
    case asks([DelegateRequest], Findings)
    /// It has its answer.
    case answered(FinishedPost)
    /// It cannot be answered.
    case failed(ShapeError)
}

/// The work of the stages.
///
/// It knows neither the window nor the schedule, so it can neither finish a post nor lose one: whoever asks for work on
/// some posts gets an outcome for each of them, and acts on it.
struct StageWork<Worker: PostWorker>: Sendable {
    let lanes: [ModelLane<Worker>]
    let pictures: (any PictureLoading)?
    let format: AnswerFormat
    let details: MentionDetails
    /// What is known of names, where the model reads that.
    var knowledge: KnowledgeBase?
    /// What is known of names, for searches that nobody else answers.
    var base: KnowledgeBase?
    let regions: RegionReader
    /// Cuts mentions out of their pictures; `nil` where nobody asked.
    let cutter: MentionCutter?
    /// Who is asked about what; `nil`: nobody.
    let consultation: ConsultationPlan?
    /// Finds labelled posts that go with questions.
    var finder: ExampleFinder?
    let patience: Patience
    let maxTextPieces: Int
    /// Whether mentions say how unsure the model is by passes with dropout.
    var samples = false
    let statistics: Statistics

    /// What becomes of some posts at a stage: an outcome for each, in their order, whatever the model does.
    func outcomes(of stage: Stage, lane: Int, _ journeys: [Journey]) -> [StageOutcome] {
        switch stage {
        case .read: read(journeys, lane)
        case .see: see(journeys, lane)
        case .ground: journeys.map { ground($0, lane) }
        case .decode: journeys.map { .goesOn(decode($0)) }
        case .consult: journeys.map { consult($0) }
        case .format: journeys.map { .answered(format.answer($0)) }
        }
    }

    /// Has a batch worked on in one go, and keeps a result for each post.
    ///
    /// If the model throws, or gives more or fewer results than there are posts, nobody can say which post is to blame:
    /// each is tried again alone, and only those fail that cannot be answered.
    private func together<Result>(
        _ journeys: [Journey], _ work: ([Journey]) throws(ShapeError) -> [Result],
        keep: (inout Findings, Result) -> Void
    ) -> [StageOutcome] {
        do throws(ShapeError) {
            let results = try work(journeys)
            guard results.count == journeys.count else {
                throw ShapeError("model", expected: "\(journeys.count) results", got: "\(results.count)")
            }
            return zip(journeys, results).map { journey, result in
                var found = journey.found
                keep(&found, result)
                return .goesOn(found)
            }
        } catch {
            guard journeys.count > 1 else { return journeys.map { _ in .failed(error) } }
            return journeys.flatMap { together([$0], work, keep: keep) }
        }
    }

    private func read(_ journeys: [Journey], _ lane: Int) -> [StageOutcome] {
        together(journeys) { batch throws(ShapeError) in
            let texts = batch.map { journey in
                let deadline = patience.reading(journey)
                var text = journey.text(ReadingLimits(pieces: maxTextPieces) { deadline.hasPassed })
                text.knowledge = text.knowledge ?? knowledge?.knowledge(of: text.text)
                text.wantsSamples = samples
                return text
            }
            return try lanes[lane].worker.withLock { (worker) throws(ShapeError) in try worker.read(texts) }
        } keep: { found, reading in
            found.reading = reading
            if let unread = reading.unread { warn(Warning(unread), &found) }
            if reading.coverage.isForeign { warn(Warning(reading.coverage), &found) }
        }
    }

    private func see(_ journeys: [Journey], _ lane: Int) -> [StageOutcome] {
        let outcomes = together(journeys) { batch throws(ShapeError) in
            let pictures = batch.compactMap(\.found.picture)
            return try lanes[lane].worker.withLock { (worker) throws(ShapeError) in try worker.see(pictures) }
        } keep: { found, features in
            if cutter != nil { found.pixels = found.picture?.patches ?? [] }
            found.picture = nil
            found.features = features
        }
        return zip(journeys, outcomes).map { journey, outcome in
            guard case .failed(let error) = outcome else { return outcome }
            // The text was read: the post has the answer that it would have without this picture.
            var found = journey.found
            found.picture = nil
            warn(Warning(code: ImageError.Code.system.rawValue, stage: "see", message: error.description), &found)
            statistics.count { $0.internalFaults += 1 }
            return .goesOn(found)
        }
    }

    private func ground(_ journey: Journey, _ lane: Int) -> StageOutcome {
        var found = journey.found
        do throws(ShapeError) {
            guard let reading = found.reading else { throw ShapeError("ground", expected: "a reading", got: "none") }
            var warnings: [Warning] = []
            var mentions = try lanes[lane].worker.withLock { (worker) throws(ShapeError) in
                let described = try describe(reading, journey, worker)
                var features = found.features
                features?.regions = seen(journey, by: worker) { warnings.append($0) }
                return try worker.ground(described, picture: features, details: details)
            }
            for warning in warnings { warn(warning, &found) }
            if let features = found.features {
                cut(&mentions, features, of: journey, &found)
                for index in mentions.indices { mentions[index].picture = found.picturesTried - 1 }
            }
            found.mentions = found.mentions.map { zip($0, mentions).map { $0.better($1) } } ?? mentions
            found.features = nil
            return .goesOn(found)
        } catch {
            return .failed(error)
        }
    }

    /// What outside tools saw in the picture that was tried last.
    private func seen(_ journey: Journey, by worker: Worker, warn: (Warning) -> Void) -> [SeenRegion] {
        let place = journey.found.picturesTried - 1
        guard journey.post.images.indices.contains(place), let size = journey.found.imageSizes[place] else { return [] }
        return regions.read(journey.post.images[place].regions, in: size, canRead: worker.canRead, warn: warn)
    }

    /// Cuts mentions out of the picture that was tried last, where somebody asked for that.
    private func cut(
        _ mentions: inout [Mention], _ features: PictureFeatures, of journey: Journey, _ found: inout Findings
    ) {
        guard let cutter else { return }
        let left = cutter.cut(
            &mentions, out: found.pixels, features, found.imageSizes[found.picturesTried - 1],
            by: patience.decoding(journey))
        found.pixels = []
        guard left > 0 else { return }
        warn(
            Warning(
                code: "mask.timeout", stage: "ground",
                message: "the time for one post was over; boxes without a mask: \(left)"), &found)
    }

    /// The reading with the alternative text of the picture that is looked at, where that differs from what was read.
    private func describe(
        _ reading: Reading, _ journey: Journey, _ worker: Worker
    ) throws(ShapeError) -> Reading {
        guard journey.post.hasSeveralPictures, journey.found.features != nil else { return reading }
        let post = journey.described
        let alt = post.alt(of: journey.found.picturesTried - 1)
        return alt == post.allAlt ? reading : try worker.describe(reading, by: alt ?? "")
    }

    private func decode(_ journey: Journey) -> Findings {
        var found = journey.found
        guard let pictures, let place = journey.nextPicture, let path = journey.post.images[place].location else {
            return found
        }
        if found.imageSizes.isEmpty { found.imageSizes = journey.post.images.map { _ in nil } }
        found.picturesTried = place + 1
        statistics.count { $0.decodes += 1 }
        do throws(ImageError) {
            let picture = try pictures.load(path, by: patience.decoding(journey))
            if let damage = picture.damage {
                warn(Warning(code: damage.code.rawValue, stage: "decode", message: damage.message), &found)
            }
            // Where an outside detector has looked, the model's own need not.
            let isSeen = journey.post.images[place].regions.contains { $0.label != nil }
            found.picture = PictureInput(patches: picture.patches, pixels: isSeen ? [] : picture.pixels)
            found.imageSizes[place] = picture.size
        } catch {
            warn(Warning(code: error.code.rawValue, stage: "decode", message: error.message), &found)
            // Not the post's fault: it has its answer, and the stream does not end as if nothing had been.
            if error.code == .system { statistics.count { $0.internalFaults += 1 } }
        }
        return found
    }

    /// Takes what became of the last round's questions, and asks those of the next.
    private func consult(_ journey: Journey) -> StageOutcome {
        guard let consultation else { return .goesOn(journey.found) }
        var found = journey.found
        let failures: [DelegateFailure]
        var requests: [DelegateRequest]
        if var mentions = found.mentions {
            let questions = questions(of: consultation, about: journey)
            var changes: [ConsultationChange]
            (changes, failures) = found.consultation.absorb(&mentions, types: questions.types)
            requests = found.consultation.next(about: mentions, questions)
            if requests.isEmpty {
                changes += found.consultation.settle(&mentions)
                requests = found.consultation.masks(of: mentions, questions)
            }
            count(changes, found.consultation, isOver: requests.isEmpty)
            found.mentions = mentions
        } else {
            failures = found.consultation.absorbBeforeReading()
            var journey = journey
            journey.found = found
            requests = found.consultation.nextBeforeReading(questions(of: consultation, about: journey))
        }
        for failure in DelegateFailure.allCases {
            let count = failures.count { $0 == failure }
            if count > 0 { warn(Warning(failure, questions: count), &found) }
        }
        return requests.isEmpty ? .goesOn(found) : .asks(requests, found)
    }

    private func questions(of plan: ConsultationPlan, about journey: Journey) -> ConsultationQuestions {
        ConsultationQuestions(
            plan: plan, post: journey.described, types: format.types.names, sizes: journey.found.imageSizes,
            address: { pictures?.address(of: $0) }, base: base,
            measure: { try? pictures?.size(of: $0, by: patience.decoding(journey)) }, masks: format.writer.masks,
            finder: finder,
            entities: finder == nil
                ? []
                : (journey.found.mentions ?? []).map { mention in
                    (journey.post.text.slice(scalars: mention.scalars), format.types.names[mention.type])
                })
    }

    /// Counts what was changed and, in the end, what it took.
    private func count(_ changes: [ConsultationChange], _ consultation: Consultation, isOver: Bool) {
        guard !changes.isEmpty || (isOver && consultation.turns > 0) else { return }
        statistics.count { tally in
            for change in changes { tally.corrections[change.rawValue, default: 0] += 1 }
            guard isOver, consultation.turns > 0 else { return }
            tally.turns[consultation.turns, default: 0] += 1
            tally.unusedQuestions += consultation.unused
        }
    }

    private func warn(_ warning: Warning, _ found: inout Findings) {
        found.warnings.append(warning)
        statistics.count { $0.warnings[warning.code, default: 0] += 1 }
    }
}

extension Warning {
    /// What a reader of the answer is told of questions that nobody answered.
    fileprivate init(_ failure: DelegateFailure, questions: Int) {
        let what = questions == 1 ? "one question" : "\(questions) questions"
        self.init(
            code: "delegate.\(failure.rawValue)", stage: "consult",
            message: "\(failure.message); what the model found stays as it is (\(what))")
    }

    /// What a reader of the answer is told of a text that the model has no words for.
    fileprivate init(_ coverage: LetterCoverage) {
        self.init(
            code: "text.script", stage: "read",
            message:
                "the model has no words of this script: it cannot read \(coverage.unreadable) of \(coverage.letters) letters"
        )
    }

    /// What a reader of the answer is told of an end of the text that was not read.
    fileprivate init(_ unread: Unread) {
        switch unread.reason {
        case .tooLong:
            self.init(
                code: "text.too_long", stage: "read",
                message:
                    "the text is longer than what is read of one; nothing was looked for from character \(unread.scalar) on"
            )
        case .outOfTime:
            self.init(
                code: "text.timeout", stage: "read",
                message: "the time for one post was over; nothing was looked for from character \(unread.scalar) on")
        }
    }
}

extension Mention {
    /// This mention or the same one in another picture: the one that more surely can be seen and has a box that is right.
    fileprivate func better(_ other: Mention) -> Mention {
        func promise(_ mention: Mention) -> Float { (mention.visible ?? 0) * (mention.boxScore ?? 0) }
        return promise(other) > promise(self) ? other : self
    }
}
