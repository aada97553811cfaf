import ArgumentParser
import Corpora
import DefaultModel
import Flow
import Glibc
import Images
import JSON
import Options
import Reporting
import SystemPackage
import Text
import Wire

/// `gmner inspect`: one post, explained.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Explain one post: its words, what was found and how sure, pictures, boxes, warnings, times.",
        discussion: """
            A model answers the post here and now, and says where its evidence came from. An answer that brings its \
            text (gmner-stream --keep text,image) is explained as it is. Colours are for terminals; NO_COLOR forbids \
            them. Exit status 65 means that the line is no post, 66 that a file or the model cannot be read.
            """)

    @Option(help: ArgumentHelp("Model that answers; GMNER_MODEL, or else the one that ships.", valueName: "dir"))
    var model: String?

    @Option(help: ArgumentHelp("Which line of the file, from 1; blank ones count.", valueName: "number"))
    var line = 1

    @OptionGroup var feed: FeedOptions

    @Option(help: ArgumentHelp("Where relative picture paths start, and what they may not leave.", valueName: "dir"))
    var imageRoot: String?

    @Flag(help: "Let picture paths leave --image-root.")
    var allowAnyPath = false

    @Argument(
        help: ArgumentHelp(
            "A post, on one line or several, or posts a line each; - for standard input.", valueName: "post"))
    var file: String

    func validate() throws {
        guard line > 0 else { throw ValidationError("--line is 1 or more") }
    }

    func run() throws {
        let bytes = try record()
        let value = try? JSONValue(parsing: bytes)
        let isAnswer = value?.present("triples") != nil && value?.present("text") != nil
        let keys = isAnswer ? PostKeys() : feed.keys
        let post: Post
        do throws(RecordError) {
            post = try PostParser(keys: keys, html: feed.html).parse(bytes, number: line)
        } catch {
            let column = error.column.map { ", byte \($0)" } ?? ""
            throw Failure(.data, "\(file), line \(line)\(column): \(error.message)")
        }
        var explanation: PostExplanation
        if isAnswer, let value {
            explanation = PostExplanation(post: post, answer: value, style: TerminalStyle())
        } else {
            explanation = try answered(post)
        }
        try Terminal.write(styled: explanation.text)
    }

    /// The post's JSON: the whole file where that is one object, or one of its lines.
    private func record() throws -> [UInt8] {
        let bytes = try DataFile.read(FilePath(file), mayBeStream: true)
        if line == 1, (try? JSONValue(parsing: bytes)) != nil { return bytes }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard line <= lines.count, lines[line - 1].contains(where: { $0 > 0x20 }) else {
            throw Failure(.data, "\(file), line \(line): nothing is there")
        }
        return Array(lines[line - 1])
    }

    /// What the model says about a post.
    private func answered(_ post: Post) throws -> PostExplanation {
        guard let directory = Self.directory(model) else {
            throw Failure(.noInput, "no model: name one with --model or GMNER_MODEL")
        }
        var plan = Plan(jobs: 1)
        plan.explain = true
        let pictures = PictureSource(root: imageRoot.map { FilePath($0) }, allowAnyPath: allowAnyPath)
        let pipeline = try Pipeline.opening(directory, pictures: pictures, plan: plan)
        let lines = pipeline.answers(to: [post]).flatMap(\.lines)
        guard let answer = try? JSONValue(parsing: lines) else {
            throw Failure(.internalFault, "the post has no answer")
        }
        var explanation = PostExplanation(post: post, answer: answer, style: TerminalStyle())
        explanation.times = Self.times(pipeline.report)
        return explanation
    }

    /// What each stage took, of those that had anything to do.
    private static func times(_ report: String) -> [(stage: String, milliseconds: Double)] {
        guard case .object(let stages)? = (try? JSONValue(parsing: Array(report.utf8)))?["stages"] else { return [] }
        return stages.compactMap { stage in
            guard let posts = stage.value["posts"]?.integer, posts > 0, let seconds = stage.value["seconds"]?.double
            else { return nil }
            return (stage.key, seconds * 1000)
        }
    }

    /// Flag over environment over default, as for the filter.
    private static func directory(_ flag: String?) -> FilePath? {
        if let flag { return FilePath(flag) }
        if let named = unsafe getenv("GMNER_MODEL"), unsafe named.pointee != 0 {
            return unsafe FilePath(platformString: named)
        }
        return DefaultModel.directory()
    }
}
