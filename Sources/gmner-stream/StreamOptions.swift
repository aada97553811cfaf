import ArgumentParser
import Flow
import Model
import Text
import Wire
import Options

/// What comes in.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Files with posts; - is standard input.", valueName: "file"), completion: .file())
    var files: [String] = []

    @OptionGroup var feed: FeedOptions

    @Option(
        help: ArgumentHelp(
            """
            The most pieces of a text that are read, of which a word has one or a few; what lies behind is left, with a \
            warning.
            """,
            valueName: "count"))
    var maxText = Plan.defaultMaxTextPieces

    @Option(help: ArgumentHelp("The longest line, in bytes. Suffixes K, M and G count in 1024s.", valueName: "size"))
    var maxLineBytes = ByteCount(LineFramer.defaultMaxLineBytes)
}

/// What goes out.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("One line for each post, or one for each triple.", valueName: "form"))
    var emit: Emit = .posts

    @Option(help: ArgumentHelp("The unit of start and end.", valueName: "unit"))
    var offsets: OffsetUnit = .scalar

    @Option(
        help: ArgumentHelp(
            "Parts of a post to return as they were read: text, image, alt, knowledge, regions, tokens; commas between.",
            valueName: "parts"))
    var keep = KeptParts()

    @Flag(help: "Return the members of a post that mean nothing here.")
    var passthrough = false

    @Option(
        help: ArgumentHelp(
            "Say which pixels a triple's box shows: as COCO's run lengths, or as polygons.", valueName: "form"))
    var masks: MaskForm?

    @Flag(help: "Say which entity of the knowledge base a triple means.")
    var link = false

    @Option(
        help: ArgumentHelp(
            "Say for each triple how unsure the model is of its words, its type and its region.", valueName: "kind"))
    var uncertainty: UncertaintyKind?

    @Flag(help: "Say for each triple where its evidence came from.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "What to do about a record that has no answer: give an error in its place, leave it out, or stop.",
            valueName: "policy"))
    var onError: Plan.OnError = .emit

    @Option(
        help: ArgumentHelp(
            "What to do about a blank line: leave it out, or answer it as a post without entities.",
            valueName: "policy"))
    var blank: Plan.Blank = .skip

    @Option(
        help: ArgumentHelp(
            """
            Append records that have no answer to this file, byte for byte, behind line number, code and message, all \
            separated by tabs.
            """,
            valueName: "file"),
        completion: .file())
    var errors: String?

    @Option(
        help: ArgumentHelp("Remember in this file how far the stream has come.", valueName: "file"), completion: .file()
    )
    var checkpoint: String?

    @Flag(help: "Go on where the stream of --checkpoint has ended; begin if there was none.")
    var resume = false

    @Flag(name: .customShort("e"), help: "Exit with 1 if any record had no answer.")
    var failOnError = false

    @Flag(help: "Answer in the order in which answers are ready.")
    var unordered = false

    @Flag(help: "One write for each line, also while there is more to write.")
    var lineBuffered = false
}

/// Where pictures come from and what they may cost.
struct PictureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where relative paths of pictures begin, and what none may leave.", valueName: "dir"),
        completion: .directory)
    var imageRoot: String?

    @Flag(help: "Let paths leave the picture root.")
    var allowAnyPath = false

    @Option(help: ArgumentHelp("The most pixels of a picture.", valueName: "count"))
    var maxImagePixels = 64_000_000

    @Option(
        help: ArgumentHelp(
            "The largest picture file, in bytes. Suffixes K, M and G count in 1024s.", valueName: "size"))
    var maxImageBytes = ByteCount(64 << 20)
}

/// Who does the work, and what is told about it.
struct WorkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model. Otherwise the one that GMNER_MODEL names, or the one that comes with the program.",
            valueName: "dir"),
        completion: .directory)
    var model: String?

    @Option(
        help: ArgumentHelp(
            "What is known of names: an index that gmner knowledge build wrote. Read for posts without knowledge.",
            valueName: "file"),
        completion: .file())
    var knowledgeBase: String?

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: ArgumentHelp("Posts that are worked on at once. By default one for each CPU.", valueName: "count"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp("Posts between input and output at any time. By default four a job.", valueName: "count"))
    var window: Int?

    @Option(
        help: ArgumentHelp(
            """
            The most texts or pictures that are encoded together where they wait anyway. More than 1 is faster, but \
            the last digits of an answer then depend on its neighbours.
            """,
            valueName: "count"))
    var batch = 1

    @Option(
        help: ArgumentHelp(
            "The longest work on one post, in seconds; then what has been found is its answer, with a warning.",
            valueName: "seconds"))
    var timeout = Seconds(10)

    @Option(
        help: ArgumentHelp(
            "How long nothing may be written after a signal asked for the end, before the program ends all the same.",
            valueName: "seconds"))
    var grace = Seconds(5)

    @Flag(
        inversion: .prefixedNo,
        help: "Tell on standard error how far the stream is. By default only if that is a terminal.")
    var progress: Bool?

    @Option(
        help: ArgumentHelp(
            "Keep counts and times in this file, every two seconds, as Prometheus reads them.", valueName: "file"),
        completion: .file())
    var metrics: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Give up what is not needed before anything is read: other files, the network, starting programs.")
    var sandbox = true

    @Flag(help: "Print counts, times and memory as one JSON object on standard error in the end.")
    var stats = false
}

/// What the program says about itself.
struct AboutOptions: ParsableArguments {
    @Flag(help: "Print the version of the program, of the model format, of the mathematics, and the CPU.")
    var version = false

    @Flag(name: .customShort("h"), help: "Print a short help.")
    var shortHelp = false
}
