import Delegates
import Dispatch
import Files
import Flow
import Glibc
import KnowledgeBase
import Model
import Kernels
import Reporting
import SystemPackage
import Wire

/// One run of the filter, from the model to the last byte written.
struct Session {
    private let settings: Settings
    private let signals: Signals

    init(_ settings: Settings, _ signals: Signals) {
        self.settings = settings
        self.signals = signals
    }

    /// Answers the stream; says on standard error why it ended early, where that is not plain.
    func run() -> ExitStatus {
        BLAS.useCallingThreadOnly()
        do throws(InputFailure) {
            for input in settings.inputs { try input.check() }
            if let root = settings.pictureRoot { try InputFailure.check(directory: root, named: "picture root") }
        } catch {
            return Console.fail(.noInput, error.message)
        }
        guard let directory = settings.model else {
            return Console.fail(.noInput, "no model: name one with --model or GMNER_MODEL")
        }
        var plan = settings.plan
        if let failure = openFiles(of: &plan) { return failure }
        do throws(CheckpointFailure) {
            plan.checkpoint = try checkpoint(model: directory)
        } catch {
            return Console.fail(.noInput, error.message)
        }
        do throws(DelegateOpeningFailure) {
            // Standard error may be a pipe that nobody empties: what is told there must not hold up an answer.
            let queue = DispatchQueue(label: "gmner.notes")
            plan.consultation = try settings.delegate?.plan { note in
                queue.async { Console.tell("gmner-stream: \(note)") }
            }
        } catch {
            return Console.fail(.noInput, error.message)
        }
        // Before there are threads that it would not hold for.
        if let reach = settings.reach { plan.sandbox = Sandbox.enter(reach) }
        do throws(PipelineError) {
            return run(try pipeline(directory, plan))
        } catch {
            return switch error {
            case .model(let error): Console.fail(.noInput, "\(error)")
            case .system(let errno): Console.fail(.internalFault, "cannot start: \(errno)")
            case .addressSpace(let jobs):
                Console.fail(
                    .internalFault, "the memory is too small for \(jobs) jobs; see ulimit -v, ulimit -d, --jobs")
            case .threads(let count, let errno):
                Console.fail(.internalFault, "cannot start \(count) threads: \(errno); fewer --jobs need fewer")
            }
        }
    }

    /// Opens what is not read now, and says of what cannot be opened why.
    private func openFiles(of plan: inout Plan) -> ExitStatus? {
        do {
            plan.deadLetters = try settings.errors.map { try FileDescriptor.openToAppend($0) }
        } catch {
            return Console.fail(.outputFailed, "\(settings.errors ?? ""): \(error)")
        }
        do throws(FileError) {
            plan.knowledge = try settings.knowledgeBase.map { path throws(FileError) in try KnowledgeBase(path) }
        } catch {
            return Console.fail(.noInput, "\(error)")
        }
        return nil
    }

    private func pipeline(_ model: FilePath, _ plan: Plan) throws(PipelineError) -> Pipeline<Grounder> {
        let pipeline = try Pipeline.opening(model, pictures: settings.pictures, plan: plan)
        let isSearched = plan.consultation?.scheme.searches == true
        if plan.knowledge != nil, !plan.writer.links, !isSearched, !pipeline.readsKnowledge {
            Console.tell("gmner-stream: warning: the model reads no knowledge: --knowledge-base changes nothing")
        }
        return pipeline
    }

    /// Where it is to be remembered how far the stream comes, and where it begins.
    private func checkpoint(model: FilePath) throws(CheckpointFailure) -> StreamCheckpoint? {
        guard let path = settings.checkpoint else { return nil }
        let file = try CheckpointFile(path)
        let earlier = try file.read()
        guard earlier == nil || settings.resumes else {
            throw CheckpointFailure(message: "\(path): is there; --resume goes on with it, or remove it to begin anew")
        }
        let checksum: UInt32
        do throws(ModelError) {
            checksum = try ModelDirectory(model).checksum()
        } catch {
            throw CheckpointFailure(message: "\(error)")
        }
        return try StreamCheckpoint(
            file, after: earlier, model: checksum, inputs: settings.inputs, output: .standardOutput)
    }

    private func run(_ pipeline: Pipeline<Grounder>) -> ExitStatus {
        // Standard error may be a pipe that nobody empties: what is told there must not hold up a signal.
        let queue = DispatchQueue(label: "gmner.console")
        signals.listen(
            stop: { pipeline.stop(signal: $0) }, ask: { queue.async { Console.tell(pipeline.report) } },
            grace: settings.grace, written: { pipeline.answered })
        let progress = Progress(settings.progress, on: queue) { pipeline.progress }
        let notes = ProgressLine(.log)
        let watch = Watch(metrics: settings.metrics, on: queue) {
            pipeline.look
        } tell: {
            notes.note("gmner-stream: \($0)")
        }
        var ending = pipeline.run(settings.inputs, to: .standardOutput)
        pipeline.plan.consultation?.delegate.close()
        if let lost = Ending.closing(.standardOutput), ending == .endOfInput { ending = lost }
        progress.finish()
        watch.finish()
        if settings.printsStatistics { Console.tell(pipeline.report) }
        if ending == .endOfInput, let failure = pipeline.failure { Console.tell("gmner-stream: \(failure)") }
        return status(of: ending, pipeline)
    }

    private func status(of ending: Ending, _ pipeline: Pipeline<Grounder>) -> ExitStatus {
        switch ending {
        case .endOfInput:
            if pipeline.internalFaults > 0 {
                return Console.fail(
                    .internalFault, "\(pipeline.internalFaults) posts met a fault of the program or of the system")
            }
            return settings.failsOnError && pipeline.failedRecords > 0 ? .recordsFailed : .success
        case .recordFailed(let line, let error):
            return Console.fail(.data, "line \(line): \(error.code.rawValue): \(error.message)")
        case .inputFailed(let message):
            return Console.fail(.noInput, message)
        case .outputClosed:
            return signals.inheritedIgnoredPipe ? .outputFailed : .signal(SIGPIPE)
        case .outputFailed(let errno):
            return Console.fail(.outputFailed, "standard output: \(errno)")
        case .checkpointFailed(let message):
            return Console.fail(.outputFailed, message)
        case .deadLettersFailed(let errno):
            return Console.fail(.outputFailed, "\(settings.errors ?? ""): \(errno)")
        case .stopped(let signal):
            return .signal(signal)
        }
    }
}

extension FileDescriptor {
    /// A file to write behind what is there; it is made if it is not.
    fileprivate static func openToAppend(_ path: FilePath) throws -> FileDescriptor {
        try open(
            path, .writeOnly, options: [.append, .create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
    }
}
