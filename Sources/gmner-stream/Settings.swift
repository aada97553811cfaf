import ArgumentParser
import DefaultModel
import Flow
import Glibc
import Images
import Options
import Reporting
import SystemPackage
import Wire

/// The command line after it was checked, with the environment and the defaults filled in.
struct Settings {
    let plan: Plan
    let inputs: [Input]
    /// The model's directory; `nil` if none was named and none ships.
    let model: FilePath?
    /// What is known of names.
    let knowledgeBase: FilePath?
    let pictureRoot: FilePath?
    let pictures: PictureSource
    /// Where records without an answer are put aside.
    let errors: FilePath?
    /// Where it is remembered how far the stream has come.
    let checkpoint: FilePath?
    /// Whether it goes on there.
    let resumes: Bool
    /// Where counts and times are kept.
    let metrics: FilePath?
    /// How long nothing may be written after a signal.
    let grace: Duration
    /// Who is asked about what the model is unsure of; `nil`: nobody.
    let delegate: DelegateSettings?
    /// What the process keeps within reach; `nil` keeps all.
    let reach: Sandbox.Reach?
    let progress: ProgressStyle
    let printsStatistics: Bool
    let failsOnError: Bool

    /// How posts are read and answers written.
    private static func plan(_ options: StreamCommand, jobs: Int?, window: Int?) -> Plan {
        let (output, feed, keep) = (options.output, options.input.feed, options.output.keep.parts)
        return Plan(
            jobs: jobs ?? min(Processors.allowed(), Plan.mostJobs), window: window,
            parser: PostParser(
                keys: feed.keys, html: feed.html, keep: keep, passthrough: output.passthrough, emit: output.emit,
                links: output.link),
            writer: AnswerWriter(
                emit: output.emit, offsets: output.offsets, keep: keep, masks: output.masks, links: output.link))
    }

    init(_ options: StreamCommand) throws {
        let jobs = try Self.count(options.work.jobs, "--jobs", in: 1...Plan.mostJobs)
        let window = try Self.count(options.work.window, "--window", in: 1...65_536)
        let batch = try Self.count(options.work.batch, "--batch", in: 1...64)
        let pixels = try Self.count(options.pictures.maxImagePixels, "--max-image-pixels", in: 1...1_000_000_000)
        let imageBytes = try Self.count(options.pictures.maxImageBytes.bytes, "--max-image-bytes", in: 1...1 << 32)
        let lineBytes = try Self.count(options.input.maxLineBytes.bytes, "--max-line-bytes", in: 1...1 << 32)
        delegate = try Self.delegate(options)
        let pieces = try Self.count(options.input.maxText, "--max-text", in: 1...1_000_000_000)
        var plan = Self.plan(options, jobs: jobs, window: window)
        // Posts that wait for somebody else take no lane, but a place in the window each.
        if delegate != nil, window == nil { plan.window = max(plan.window, 256) }
        plan.ordered = !options.output.unordered
        plan.batch = batch
        plan.lineBuffered = options.output.lineBuffered
        plan.onError = options.output.onError
        plan.blank = options.output.blank
        plan.explain = options.output.explain
        plan.uncertainty = options.output.uncertainty
        plan.maxLineBytes = lineBytes
        plan.maxTextPieces = pieces
        plan.timeout = options.work.timeout.duration
        self.plan = plan
        inputs =
            options.input.files.isEmpty
            ? [.standardInput]
            : options.input.files.map { $0 == "-" ? .standardInput : .file(FilePath($0)) }
        model = Self.model(options.work.model)
        knowledgeBase = try Self.knowledgeBase(options)
        pictureRoot = options.pictures.imageRoot.map { FilePath($0) }
        pictures = PictureSource(
            root: pictureRoot, allowAnyPath: options.pictures.allowAnyPath,
            limits: ImageLimits(
                maxPixels: pixels, maxBytes: imageBytes))
        errors = options.output.errors.map { FilePath($0) }
        checkpoint = options.output.checkpoint.map { FilePath($0) }
        resumes = options.output.resume
        guard checkpoint != nil || !resumes else { throw ValidationError("--resume needs --checkpoint.") }
        guard checkpoint == nil || plan.ordered else {
            throw ValidationError("--checkpoint remembers lines in their order, which --unordered gives up.")
        }
        metrics = options.work.metrics.map { FilePath($0) }
        grace = options.work.grace.duration
        // A delegate may do what it likes, and may have to be started again at any time.
        let confines = options.work.sandbox && delegate?.startsProgram != true
        reach = confines ? Self.reach(options, model: model, inputs: inputs) : nil
        progress = Self.progress(options.work.progress)
        printsStatistics = options.work.stats
        failsOnError = options.output.failOnError
    }
}

extension Settings {
    static func count(_ value: Int?, _ name: String, in range: ClosedRange<Int>) throws -> Int? {
        try value.map { try count($0, name, in: range) }
    }

    static func count(_ value: Int, _ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard !range.contains(value) else { return value }
        throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value).")
    }

    /// The model, the inputs and the pictures, which may be anywhere if nobody says where; and what the kernel tells of the
    /// process, for the statistics.
    private static func reach(_ options: StreamCommand, model: FilePath?, inputs: [Input]) -> Sandbox.Reach {
        var readable: [FilePath] = ["/proc"] + (model.map { [$0] } ?? [])
        for case .file(let path) in inputs { readable.append(path) }
        let root = options.pictures.allowAnyPath ? nil : options.pictures.imageRoot
        readable.append(FilePath(root ?? "/"))
        let written = [options.work.metrics, options.output.checkpoint].compactMap(\.self)
        let record = options.outside.delegateCache.map { [FilePath($0)] } ?? []
        return Sandbox.Reach(
            readable: readable + record, writable: written.map { FilePath($0).folder } + record)
    }

    private static func delegate(_ options: StreamCommand) throws -> DelegateSettings? {
        guard options.output.masks != nil || !options.outside.delegateMasks else {
            throw ValidationError("--delegate-masks needs --masks.")
        }
        return try DelegateSettings(options.outside)
    }

    private static func knowledgeBase(_ options: StreamCommand) throws -> FilePath? {
        guard options.work.knowledgeBase != nil || !options.output.link else {
            throw ValidationError("--link needs --knowledge-base.")
        }
        return options.work.knowledgeBase.map { FilePath($0) }
    }

    /// Flag over environment over default.
    private static func model(_ flag: String?) -> FilePath? {
        if let flag { return FilePath(flag) }
        if let named = unsafe getenv("GMNER_MODEL"), unsafe named.pointee != 0 {
            return unsafe FilePath(platformString: named)
        }
        return DefaultModel.directory()
    }

    /// By default progress is told to a terminal, unless that also shows the answers.
    private static func progress(_ flag: Bool?) -> ProgressStyle {
        let toTerminal = isatty(FileDescriptor.standardError.rawValue) == 1
        let answersToTerminal = isatty(FileDescriptor.standardOutput.rawValue) == 1
        guard flag ?? (toTerminal && !answersToTerminal) else { return .none }
        return toTerminal ? .terminal : .log
    }
}

extension FilePath {
    /// The folder that a file lies in.
    fileprivate var folder: FilePath {
        let folder = removingLastComponent()
        return folder.isEmpty ? "." : folder
    }
}
