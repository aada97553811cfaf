import ArgumentParser
import Delegates
import Files
import Flow
import SystemPackage

/// Who is asked about what the model is unsure of.
struct DelegateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A program to ask about what the model is unsure of: it gets questions and gives answers as lines of JSON; see \
            gmner-stream(1). Turns --sandbox off.
            """, valueName: "command"))
    var delegate: String?

    @Option(
        help: ArgumentHelp(
            "Uncertainty above which it is asked, as span=0.34,type=0.5,region=0.52; 1 never asks.",
            valueName: "thresholds"))
    var delegateAbove = DelegateThresholds(ConsultationPlan.defaultThresholds)

    @Option(
        help: ArgumentHelp(
            """
            What it is asked: what is right (correct); of regions alone, what an entity is, whether the picture shows \
            that, and where (riveg); which of the likeliest types it has, and whether the picture shows it (gem); or what \
            a search finds, then words and type, and where the picture shows it (makar).
            """, valueName: "scheme"))
    var delegateScheme = ConsultationScheme.correct

    @Flag(
        inversion: .prefixedNo,
        help: "Ask what is known of each post that brings no knowledge, for models that read it.")
    var delegateKnowledge = true

    @Flag(
        inversion: .prefixedNo,
        help: "Ask what each picture shows that has no alternative text, and read that as such.")
    var delegateCaptions = false

    @Flag(inversion: .prefixedNo, help: "Ask for the pixels of each box; needs --masks.")
    var delegateMasks = false

    @Option(
        help: ArgumentHelp(
            """
            Labelled posts, as answers are written: the three most like the post in question go with questions where \
            something is, what it is, and what is known.
            """, valueName: "file"),
        completion: .file())
    var delegateExamples: String?

    @Option(help: ArgumentHelp("The longest wait for an answer, in seconds.", valueName: "seconds"))
    var delegateTimeout = Seconds(30)

    @Option(help: ArgumentHelp("Questions that may be open at once.", valueName: "count"))
    var delegateAtOnce = 64

    @Option(help: ArgumentHelp("The most questions about one post.", valueName: "count"))
    var delegatePerPost = ConsultationPlan.defaultPerPost

    @Option(
        help: ArgumentHelp(
            "The most questions in a minute. By default as many as there are.", valueName: "count"))
    var delegatePerMinute: Int?

    @Option(
        help: ArgumentHelp(
            "Record answers in this folder, and ask nothing that is answered there; without --delegate, nothing else.",
            valueName: "dir"),
        completion: .directory)
    var delegateCache: String?
}

/// Thresholds on the command line: `span=0.34,type=0.5,region=0.52`. What is not named is never asked about.
struct DelegateThresholds: ExpressibleByArgument {
    let thresholds: ConsultationPlan.Thresholds

    init(_ thresholds: ConsultationPlan.Thresholds) {
        self.thresholds = thresholds
    }

    init?(argument: String) {
        var values: [String: Float] = [:]
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, ["span", "type", "region"].contains(sides[0]), values[sides[0]] == nil,
                let value = Float(sides[1]), (0...1).contains(value)
            else { return nil }
            values[sides[0]] = value
        }
        thresholds = .init(span: values["span"] ?? 1, type: values["type"] ?? 1, region: values["region"] ?? 1)
    }

    var defaultValueDescription: String {
        "span=\(thresholds.span),type=\(thresholds.type),region=\(thresholds.region)"
    }
}

/// Who is asked, as the command line says.
struct DelegateSettings {
    private let command: String?
    private let record: FilePath?
    private let limits: DelegateLimits
    private let thresholds: ConsultationPlan.Thresholds
    private let perPost: Int
    private let asksKnowledge: Bool
    private let asksCaptions: Bool
    private let asksMasks: Bool
    private let examples: FilePath?
    private let scheme: ConsultationScheme

    /// Nothing where nobody is to be asked.
    init?(_ options: DelegateOptions) throws {
        guard options.delegate != nil || options.delegateCache != nil else { return nil }
        command = options.delegate
        record = options.delegateCache.map { FilePath($0) }
        limits = DelegateLimits(
            timeout: options.delegateTimeout.duration,
            atOnce: try Settings.count(options.delegateAtOnce, "--delegate-at-once", in: 1...4096),
            perMinute: try Settings.count(options.delegatePerMinute, "--delegate-per-minute", in: 1...1_000_000))
        perPost = try Settings.count(options.delegatePerPost, "--delegate-per-post", in: 1...1000)
        asksKnowledge = options.delegateKnowledge
        asksCaptions = options.delegateCaptions
        asksMasks = options.delegateMasks
        examples = options.delegateExamples.map { FilePath($0) }
        scheme = options.delegateScheme
        thresholds = options.delegateAbove.thresholds
    }

    /// Whether a program may have to be started while the stream runs.
    var startsProgram: Bool { command != nil }

    /// Prepares to ask. `tell` gets what people should know.
    func plan(tell: @escaping @Sendable (String) -> Void) throws(DelegateOpeningFailure) -> ConsultationPlan {
        var delegate: (any Delegate)?
        if let command {
            do throws(Errno) {
                delegate = try DelegateProgram(command, limits: limits, tell: tell)
            } catch {
                throw DelegateOpeningFailure(message: "cannot speak to a delegate: \(error)")
            }
        }
        if let record {
            do throws(FileError) {
                delegate = try RecordedDelegate(record, before: delegate, tell: tell)
            } catch {
                throw DelegateOpeningFailure(message: "\(error)")
            }
        }
        guard let delegate else { throw DelegateOpeningFailure(message: "no delegate is named") }
        var plan = ConsultationPlan(delegate, above: thresholds, perPost: perPost)
        plan.asksKnowledge = asksKnowledge
        plan.asksCaptions = asksCaptions
        plan.asksMasks = asksMasks
        if let examples { plan.examples = try ExampleFile.read(examples, tell: tell) }
        plan.scheme = scheme
        return plan
    }
}

/// Why nobody can be asked.
struct DelegateOpeningFailure: Error {
    let message: String
}
