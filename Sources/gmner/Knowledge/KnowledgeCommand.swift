import ArgumentParser
import Corpora
import Files
import KnowledgeBase
import SystemPackage

/// `gmner knowledge`: what is known of names, in one file.
struct KnowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge",
        abstract: "Make a knowledge base of names, and look names up in it.",
        subcommands: [KnowledgeBuildCommand.self, KnowledgeNamesCommand.self])
}

/// `gmner knowledge build`: entries in, an index out.
struct KnowledgeBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Make the index of a knowledge base.",
        discussion: """
            Reads entries, one JSON object a line: name, and perhaps aliases, id (or qid), type, description (or desc) and \
            weight, a number that is higher for what is better known. Writes one file for gmner-stream --knowledge-base; \
            the same entries in the same order give the same bytes. It takes the place of an older one whole, so that \
            programs that have that open keep it. Exit status 65 means that a line is no entry.
            """)

    @Argument(help: ArgumentHelp("Files with entries, - for standard input.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("The index to write.", valueName: "kb"))
    var to: String

    func run() throws {
        var builder = IndexBuilder()
        for file in files {
            try LinesOfFile.forEachEntry(FilePath(file)) { builder.add($0) }
        }
        guard builder.entries > 0 else { throw DataError("there is no entry in any of the files") }
        do {
            try builder.write(to: FilePath(to))
        } catch let error as FileError {
            throw DataError(writing: error)
        } catch {
            throw DataError("\(error)")
        }
        if builder.unnamed > 0 {
            Terminal.note(
                "gmner: note: entries that nothing can be found by, as they have no letters: \(builder.unnamed)")
        }
        try Terminal.write("entries: \(builder.entries)\n")
    }
}
