import Delegates
import Descriptors
import Dispatch
import Files
import Kernels
import KnowledgeBase
package import Model
import Synchronization
package import SystemPackage
package import Wire

/// A stream of posts on its way from a source through a model to a sink: ordered, bounded, in parallel.
///
/// ```
/// reader thread          lanes of some crews, one of which has the model's workers               writer thread
/// read → frame → parse → read → [decode → see] → ground → [consult] → format                     → write
///        └──────────────────────────── at most `window` posts alive ──────────────────────────────┘
/// ```
///
/// Where the tagger looks at pictures, `decode → see` comes before `read`; what is in brackets is done for posts that
/// need it.
///
/// One value runs one stream. Cancellation: ``stop(signal:)`` ends reading, and ``run(_:to:)`` returns after what is
/// alive has been answered; a failed write ends everything at once.
package final class Pipeline<Model: PostModel>: Sendable {
    /// What was planned.
    package let plan: Plan
    /// Whether the model reads what is known about a post.
    package let readsKnowledge: Bool
    let route: Route
    let work: StageWork<Model.Worker>
    let window: OrderedWindow<FinishedPost>
    let schedule: StageSchedule<Journey>
    let statistics = Statistics()
    private let patience: Patience
    private let wake: WakePipe
    /// Why the stream ends before its input does; the first reason counts.
    private let early = Mutex<Ending?>(nil)

    /// Prepares a stream, with one worker of the model a job. Without `pictures` no picture is looked at.
    package init(model: Model, pictures: (any PictureLoading)?, plan: Plan) throws(PipelineError) {
        self.plan = plan
        readsKnowledge = model.readsKnowledge
        var consultation = plan.consultation
        if !model.readsKnowledge { consultation?.asksKnowledge = false }
        if pictures == nil || model.looks == .never { consultation?.asksCaptions = false }
        route = Route(
            looks: model.looks, consults: consultation != nil,
            asksKnowledge: consultation?.asksKnowledge == true, asksCaptions: consultation?.asksCaptions == true,
            loadsPictures: pictures != nil)
        window = OrderedWindow(capacity: plan.window, ordered: plan.ordered)
        schedule = StageSchedule(plan.crews)
        patience = Patience(timeout: plan.timeout)
        try Resources.tryOut(plan)
        do {
            wake = try WakePipe()
        } catch {
            throw .system(error)
        }
        var lanes: [ModelLane<Model.Worker>] = []
        for _ in 0..<plan.jobs {
            do throws(ModelError) {
                lanes.append(ModelLane(try model.makeWorker()))
            } catch {
                throw .model(error)
            }
        }
        let finder = try Self.finder(of: consultation?.examples ?? [], lanes, model)
        work = StageWork(
            lanes: lanes, pictures: pictures,
            format: AnswerFormat(
                types: model.types, writer: plan.writer, emitsErrors: plan.onError == .emit,
                keepsRecords: plan.deadLetters != nil, saysUncertainty: plan.uncertainty != nil,
                links: plan.writer.links ? plan.knowledge.map { EntityLinks($0, types: model.types) } : nil),
            details: plan.details, knowledge: readsKnowledge ? plan.knowledge : nil, base: plan.knowledge,
            regions: RegionReader(isOfUse: model.readsRegions),
            cutter: plan.masks.flatMap { form in pictures?.patch.map { MentionCutter(patch: $0, form: form) } },
            consultation: consultation, finder: finder, patience: patience, maxTextPieces: plan.maxTextPieces,
            samples: plan.uncertainty == .dropout, statistics: statistics)
    }

    deinit { wake.close() }

    /// Who finds examples, if there are any. A worker of its own makes what they are compared by, so that no lane waits for
    /// that; at the start, the lanes help.
    private static func finder(
        of examples: [ExamplePost], _ lanes: [ModelLane<Model.Worker>], _ model: Model
    ) throws(PipelineError) -> ExampleFinder? {
        guard !examples.isEmpty else { return nil }
        let own: ModelLane<Model.Worker>
        do throws(ModelError) {
            own = ModelLane(try model.makeWorker())
        } catch {
            throw .model(error)
        }
        do throws(ShapeError) {
            return try ExampleFinder(examples, encoders: [own] + lanes)
        } catch {
            throw .model(ModelError(.unsupported, "examples: \(error)"))
        }
    }

    /// Works through the inputs; returns when all has been written, or cannot be.
    package func run(_ inputs: [Input], to output: FileDescriptor) -> Ending {
        let reader = InputReader(
            inputs: inputs, maxLineBytes: plan.maxLineBytes, reportsBlank: plan.blank == .answer, wake: wake,
            output: output.canHangUp ? output : nil, start: plan.checkpoint?.start ?? StreamPosition(),
            handle: { self.take($0, at: $1) },
            countEmpty: { count in self.statistics.count { $0.emptyLines += count } },
            ended: { self.plan.checkpoint?.ended($0) })
        return run(to: LineSink(descriptor: output)) { reader.run() }
    }

    /// The answers to posts that are in memory already, as they would be written, in the order that the plan says.
    ///
    /// All of them, unless ``stop(signal:)`` is called or the plan has the stream stop at a record without an answer.
    package func answers(to posts: [Post]) -> [FinishedPost] {
        let list = AnswerList()
        _ = run(to: list) { posts.allSatisfy { self.take($0) } ? .finished : .stopped }
        return list.all
    }

    /// Works through posts as they come, until `next` has none; `answered` gets the answers, in the order that the plan says.
    /// Both are called on threads of their own, one call at a time.
    package func run(
        _ next: @escaping @Sendable () -> Post?, answered: @escaping @Sendable (FinishedPost) -> Void
    ) {
        _ = run(to: AnswerTaker(take: answered)) {
            while let post = next(), self.take(post) {}
            return .finished
        }
    }

    private func run(to sink: any AnswerSink, read: @escaping @Sendable () -> InputReader.End) -> Ending {
        let writer = OutputWriter(
            window: window, sink: sink, statistics: statistics, lineBuffered: plan.lineBuffered,
            stopsAtFailure: plan.onError == .fail, checkpoint: plan.checkpoint,
            deadLetters: plan.deadLetters.map { LineSink(descriptor: $0) })
        let done = DispatchGroup()
        // Two queues of their own are two threads of their own: both sleep in system calls.
        DispatchQueue(label: "gmner.reader").async(group: done) { self.finishReading(read()) }
        DispatchQueue(label: "gmner.writer").async(group: done) {
            guard let ending = writer.run(), ending != .endOfInput else { return }
            self.abandon(ending)
        }
        done.wait()
        return finished(early.withLock { $0 } ?? .endOfInput)
    }

    /// Remembers the end, unless nobody knows what was written of it.
    private func finished(_ ending: Ending) -> Ending {
        switch ending {
        case .outputClosed, .outputFailed, .deadLettersFailed, .checkpointFailed: return ending
        case .endOfInput, .stopped, .inputFailed, .recordFailed: break
        }
        do throws(FileError) {
            try plan.checkpoint?.finish()
            return ending
        } catch {
            return .checkpointFailed("\(error)")
        }
    }

    /// Stops reading. What is alive is still answered. May be called from any thread, also before ``run(_:to:)``.
    package func stop(signal: Int32) {
        end(.stopped(signal: signal))
        patience.hurry()
        plan.consultation?.delegate.hurry()
        window.close()
        wake.wake()
    }

    private func finishReading(_ end: InputReader.End) {
        switch end {
        case .finished, .stopped: break
        case .failed(let message): self.end(.inputFailed(message))
        case .outputClosed: abandon(.outputClosed)
        }
        window.close()
    }

    /// Ends everything at once.
    private func abandon(_ ending: Ending) {
        early.withLock { $0 = ending }
        window.cancel()
        schedule.cancel()
        wake.wake()
    }

    private func end(_ ending: Ending) {
        early.withLock { if $0 == nil { $0 = ending } }
    }
}

extension Ending {
    /// Closes an output after the last write: some file systems tell only then that a write was lost.
    ///
    /// Returns `nil` if nothing was.
    package static func closing(_ output: FileDescriptor) -> Ending? {
        do {
            try output.close()
            return nil
        } catch {
            return .outputFailed(error as? Errno ?? .ioError)
        }
    }
}

/// Why a stream cannot begin.
package enum PipelineError: Error {
    case model(ModelError)
    /// The system refused what a stream needs.
    case system(Errno)
    /// There is too little address space for so many jobs.
    case addressSpace(jobs: Int)
    /// The system refused a thread, of this many.
    case threads(Int, Errno)
}
