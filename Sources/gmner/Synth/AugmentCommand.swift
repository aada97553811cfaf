import ArgumentParser
import Corpora
import KnowledgeBase
import Synthesis
import SystemPackage
import Text

/// `gmner augment`: more labelled texts, made of few.
struct AugmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "augment",
        abstract: "Make labelled texts of labelled texts, to train a tagger with few of them.",
        discussion: """
            Each text of the input, in any format of gmner convert, is written as it is, and then in so many variations: \
            with other names of the same types, of the other texts or of --names. --templates are filled with such names, \
            too. Or, with --delegate, as a program \
            writes them that is asked for sentences like it. Pictures are left out: they show what the first text \
            speaks of.

            --names has an object a line, with name and type, as gmner knowledge build reads them. --delegate asks a \
            program as gmner-stream does (kind synth; see examples/delegates); a sentence in which a name that it is \
            said to have does not stand is left out. What that program has no sentences for is told in the end.
            """)

    @Option(help: ArgumentHelp("Names to put into the texts, NDJSON; may be given several times.", valueName: "file"))
    var names: [String] = []

    @Option(help: ArgumentHelp("Variations of each text; 10 by default.", valueName: "count"))
    var perText = 10

    @Option(
        help: ArgumentHelp(
            "Sentences with places for names, one a line: {PER} signs for {ORG}.", valueName: "file"))
    var templates: String?

    @Option(help: ArgumentHelp("Sentences made of the templates; 1500 by default.", valueName: "count"))
    var sentences: Int?

    @Option(help: ArgumentHelp("A program that writes sentences.", valueName: "command"))
    var delegate: String?

    @Option(
        help: ArgumentHelp("Record what it writes in this folder, and do not ask again.", valueName: "dir"),
        completion: .directory)
    var delegateCache: String?

    @Option(help: ArgumentHelp("The longest wait for the sentences of one text, in seconds.", valueName: "seconds"))
    var delegateTimeout = 120

    @Option(help: "The same seed gives the same variations.")
    var seed: UInt64 = 1

    @Option(help: "Format of the input; guessed where not given.")
    var from: DataFormat?

    @Option(help: "Format of the output.")
    var to: ExportFormat = .ndjson

    @OptionGroup var reading: ReadingOptions

    @Argument(help: ArgumentHelp("Labelled data, - for standard input.", valueName: "input"))
    var input: String

    @Argument(help: ArgumentHelp("File or folder to write.", valueName: "output"))
    var output: String

    func validate() throws {
        guard (0...1000).contains(perText) else { throw ValidationError("--per-text is 0 to 1000") }
        guard (1...86_400).contains(delegateTimeout) else { throw ValidationError("--delegate-timeout is 1 to 86400") }
        guard (1...1_000_000).contains(sentences ?? 1) else { throw ValidationError("--sentences is 1 to 1000000") }
        guard templates != nil || sentences == nil else { throw ValidationError("--sentences are of --templates") }
        guard names.isEmpty || delegate == nil && delegateCache == nil else {
            throw ValidationError("--names are for variations, which --delegate writes itself")
        }
        guard templates == nil || delegate == nil && delegateCache == nil else {
            throw ValidationError("--templates need names, which --delegate writes itself")
        }
    }

    func run() throws {
        var data = try reading.read(input, from)
        if let post = data.posts.first(where: { !$0.isTextKnown }) {
            throw DataError("post \(post.id): its text is not known, so that nothing can be made of it")
        }
        let given = data.posts.map {
            LabelledPost(id: $0.id, words: $0.words, entities: $0.entities.map { ($0.words, $0.type) })
        }
        let made: [[LabelledPost]]
        var filled: [LabelledPost] = []
        if delegate != nil || delegateCache != nil {
            let writer = SentenceWriter(
                command: delegate, record: delegateCache.map { FilePath($0) }, seconds: delegateTimeout)
            made = try writer.sentences(like: given, types: types(of: data), count: perText)
        } else {
            let replacement = MentionReplacement(posts: given, names: try listedNames(), seed: seed)
            made = given.enumerated().map { replacement.variations(of: $1, number: $0, count: perText) }
            filled = try filledTemplates(from: replacement, types: Set(given.flatMap { $0.entities.map(\.type) }))
        }
        data.posts = given + made.flatMap(\.self) + filled
        try to.write(try to.files(for: data), to: FilePath(output))
        try Terminal.write("texts: \(given.count)\nmade of them: \(data.posts.count - given.count)\n")
    }

    private func filledTemplates(
        from names: MentionReplacement, types: Set<String>
    ) throws(DataError) -> [LabelledPost] {
        guard let file = templates.map({ FilePath($0) }) else { return [] }
        let bytes = try DataFile.read(file, mayBeStream: true)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw DataError(file, "not UTF-8") }
        do throws(DataError) {
            let templates = try SentenceTemplates(parsing: text, types: types)
            guard !templates.isEmpty else { throw DataError("no templates") }
            return templates.sentences(sentences ?? 1500, from: names, seed: seed)
        } catch {
            throw DataError(file, error.message)
        }
    }

    private func types(of data: LabelledData) -> [String] {
        data.inventory?.names ?? Array(Set(data.posts.flatMap { $0.entities.map(\.type) })).sorted()
    }

    private func listedNames() throws -> [(name: String, type: String)] {
        var all: [(name: String, type: String)] = []
        for file in names.map({ FilePath($0) }) {
            try LinesOfFile.forEachEntry(file) { entry in
                if let type = entry.type { all.append((entry.name, type)) }
            }
        }
        return all
    }
}
