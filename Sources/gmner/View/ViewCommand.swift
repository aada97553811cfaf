import ArgumentParser
import Images
import Options
import Reporting
import SystemPackage
import Wire
import JSON

/// `gmner view`: answers as pictures with boxes, and a page to look at.
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Draw the boxes of answers onto their pictures.",
        discussion: """
            Writes LINE.png for every post with a picture (LINE-1.png for a second one, and so on), and index.html \
            with all posts. An answer belongs to the \
            post whose line it names. Exit status 65 means that a line of the answers is not an answer, 66 that a file \
            cannot be read, 74 that one cannot be written.
            """)

    @Option(help: ArgumentHelp("Posts, as gmner-stream reads them.", valueName: "file"))
    var posts: String

    @Option(help: ArgumentHelp("Answers, as gmner-stream writes them; - for standard input.", valueName: "file"))
    var answers: String

    @Option(help: ArgumentHelp("Directory to write; created where missing.", valueName: "dir"))
    var out: String

    @OptionGroup var feed: FeedOptions

    @Option(help: ArgumentHelp("Where relative picture paths start, and what they may not leave.", valueName: "dir"))
    var imageRoot: String?

    @Flag(help: "Let picture paths leave --image-root.")
    var allowAnyPath = false

    func run() throws {
        try Terminal.write(view().string + "\n")
    }

    /// Returns the page that was written.
    private func view() throws -> FilePath {
        var given: [Int: ViewedAnswer] = [:]
        try LineFile(path: answers).forEach { number, bytes in
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: bytes)
            } catch {
                throw ViewError.data("\(answers), line \(number): \(error.message)")
            }
            guard let line = value["line"]?.integer else {
                throw ViewError.data("\(answers), line \(number): an answer has a number as its member line")
            }
            given[line, default: ViewedAnswer()].add(value)
        }

        let source = PictureSource(root: imageRoot.map { FilePath($0) }, allowAnyPath: allowAnyPath)
        let page = try ViewPage(directory: FilePath(out))
        let parser = PostParser(keys: feed.keys, html: feed.html)
        try LineFile(path: posts).forEach { line, bytes in
            let post = Result { () throws(RecordError) in try parser.parse(bytes, number: line) }
            try page.add(line: line, post, given[line], from: source)
        }
        return try page.finish()
    }
}

/// Why nothing, or not all, can be shown.
enum ViewError: Error {
    case data(String)
    case input(String)
    case output(String)

    var message: String {
        switch self {
        case .data(let message), .input(let message), .output(let message): message
        }
    }

    var status: ExitStatus {
        switch self {
        case .data: .data
        case .input: .noInput
        case .output: .outputFailed
        }
    }
}
