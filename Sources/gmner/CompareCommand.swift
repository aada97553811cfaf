import ArgumentParser
import Corpora
import JSON
import Scoring

/// `gmner compare`: two answer files side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two files of answers to the same posts, and list where they differ.",
        discussion: """
            With --gold, says what each scores, how far B is from A, the 95 % interval of that over draws of posts (the \
            same for both: a paired bootstrap), and p, the probability of so large a difference by chance alone; then \
            the posts about which they differ, and who is right. Without, says how far they agree: F1 of B with A in \
            the place of gold. Two entities are the same where start, end and type are, and their boxes overlap \
            or neither has one. Exit status 65 means that the files are not about the same posts.
            """)

    @Option(help: ArgumentHelp("File with what is right.", valueName: "file"))
    var gold: String?

    @Option(help: "Format of the gold file; guessed where not given.")
    var goldFormat: DataFormat?

    @Option(help: "Format of both files of answers; guessed where not given.")
    var format: DataFormat?

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var scoring: ScoringOptions

    @Option(help: ArgumentHelp("Posts with differences to list.", valueName: "count"))
    var list = 20

    @Option(help: ArgumentHelp("Page to write, with all differences marked in the texts.", valueName: "file"))
    var html: String?

    @Flag(help: "Print JSON, with all differences.")
    var json = false

    @Argument(help: ArgumentHelp("Answers, - for standard input.", valueName: "a"))
    var one: String

    @Argument(help: ArgumentHelp("Other answers to the same posts.", valueName: "b"))
    var other: String

    func validate() throws {
        guard list >= 0 else { throw ValidationError("--list is 0 or more") }
    }

    func run() throws {
        let right = try gold.map { try reading.read($0, goldFormat) }
        let comparison = try Comparison(
            reading.read(one, format, predictedBoxes: nil),
            reading.read(other, format, predictedBoxes: nil), gold: right,
            by: scoring.scorer)
        if let html { try PageFile.write(ComparisonView(comparison: comparison).bytes, to: html) }
        guard json else { return try Terminal.write(comparison.table(listing: list)) }
        var line: [UInt8] = []
        comparison.json.write(into: &line)
        try Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
    }
}
