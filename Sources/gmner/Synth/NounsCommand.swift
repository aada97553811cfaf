import ArgumentParser
import Corpora
import Reporting
import Synthesis
import SystemPackage

/// `gmner nouns`: the noun phrases that captions and posts speak of most.
struct NounsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nouns",
        abstract: "List the noun phrases that captions and posts speak of most.",
        discussion: """
            Writes one JSON object a line, the most frequent phrase first: {"phrase","count"}. A phrase is a noun of \
            everyday photographs with its adjectives, in the singular and without article and number. gmner synth \
            --draw draws them, and gmner train multi-level tells objects by them.
            """)

    @OptionGroup var sources: SentenceSources

    @Option(help: ArgumentHelp("Phrases to list, at most.", valueName: "count"))
    var most = 1000

    @Option(help: ArgumentHelp("File to write, - for standard output.", valueName: "file"))
    var out = "-"

    func validate() throws {
        guard sources.photographs != nil || !sources.texts.isEmpty else {
            throw ValidationError("give --photographs or --texts")
        }
        guard NounVocabulary.sizes.contains(most) else {
            throw ValidationError("--most is \(NounVocabulary.sizes.lowerBound) to \(NounVocabulary.sizes.upperBound)")
        }
    }

    func run() throws {
        let nouns = NounVocabulary(of: try sources.sentences(), most: most)
        guard !nouns.entries.isEmpty else { throw DataError("there is no noun phrase in any of the sentences") }
        try ExportFormat.ndjson.write([ExportedFile("", nouns.lines)], to: FilePath(out))
    }
}
