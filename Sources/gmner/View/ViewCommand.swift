import ArgumentParser
import Corpora
import Images
import Options
import Pages
import Reporting
import SystemPackage
import Wire

/// `gmner view`: answers as a page to look at.
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Look at answers: a page with entities marked in the texts, and boxes in the pictures.",
        discussion: """
            Writes one file that needs nothing else, or a folder for thousands of posts. An answer belongs to the post \
            with its id, or else to the one on the line that it names. Answers that bring their texts and pictures \
            (gmner-stream --keep text,image) need no --posts. With --gold, says what is right, wrong and missed. Exit \
            status 65 means that a line of the answers is not an answer, 66 that a file cannot be read, 74 that one \
            cannot be written.
            """)

    @Option(help: ArgumentHelp("Posts, as gmner-stream reads them.", valueName: "file"))
    var posts: String?

    @Option(help: ArgumentHelp("What is right.", valueName: "file"))
    var gold: String?

    @Option(help: "Format of the gold file; guessed where not given.")
    var goldFormat: DataFormat?

    @Option(help: ArgumentHelp("Page to write (NAME.html, or - for standard output), or folder.", valueName: "path"))
    var out = "view.html"

    @Option(help: ArgumentHelp("Longer side of the pictures on the page, in pixels.", valueName: "pixels"))
    var thumbnail = 480

    @Option(
        help: ArgumentHelp("What the pictures in a page of one file may take; a folder has no limit.", valueName: "MiB")
    )
    var maxInline = 64

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var feed: FeedOptions

    @Option(help: ArgumentHelp("Where relative picture paths start, and what they may not leave.", valueName: "dir"))
    var imageRoot: String?

    @Flag(help: "Let picture paths leave --image-root.")
    var allowAnyPath = false

    @Argument(help: ArgumentHelp("Answers, as gmner-stream writes them; - for standard input.", valueName: "answers"))
    var answers: String

    func validate() throws {
        guard (16...4096).contains(thumbnail) else { throw ValidationError("--thumbnail is 16 to 4096") }
        guard (0...4096).contains(maxInline) else { throw ValidationError("--max-inline is 0 to 4096") }
        guard [posts, gold, answers].count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("only one of the files can be standard input")
        }
    }

    func run() throws {
        guard let page = try view() else { return }
        try Terminal.write(page.string + "\n")
    }

    /// Returns the page that was written, unless that is standard output.
    private func view() throws -> FilePath? {
        let right = try gold.map { GoldList(try reading.read($0, goldFormat)) }
        let file = AnswerFile(path: answers, parser: PostParser(html: feed.html))
        var list = try posts.map { _ in try AnswerList(of: file) }
        let destination = ViewWriter.Destination(out)
        let source = PictureSource(root: imageRoot.map { FilePath($0) }, allowAnyPath: allowAnyPath)
        var assembly = PostAssembly(
            offsets: reading.offsets, gold: right, leavesOutEmpty: list?.leavesOutEmpty == true,
            thumbnails: Thumbnails(source, side: thumbnail, folder: destination.folder, room: maxInline << 20))
        var writer = try ViewWriter(destination, title: "Posts and answers", hasGold: right != nil)
        var (withoutText, all) = (0, 0)
        if let posts {
            let parser = PostParser(keys: feed.keys, html: feed.html)
            try LineFile(path: posts).forEach { line, bytes in
                let post = Result { () throws(RecordError) in try parser.parse(bytes, number: line) }
                let id = (try? post.get()).flatMap(PostAssembly.id)
                try writer.add(assembly.page(line: line, post, list?.take(id: id, line: line)))
            }
        } else {
            try file.forEach { answer in
                all += 1
                let page = try assembly.page(line: answer.line, nil, answer)
                withoutText += answer.lacksText && page.text == nil ? 1 : 0
                try writer.add(page)
            }
        }
        var notices = notices(assembly, withoutAPost: list?.left ?? 0)
        if withoutText > 0 {
            notices.append(
                "\(withoutText) of \(all) answers do not have their text: give --posts FILE, "
                    + "or have gmner-stream --keep text,image give it back")
        }
        for notice in notices { Terminal.note("gmner: note: \(notice)") }
        return try writer.finish(notices)
    }

    /// What has to be known about all posts.
    private func notices(_ assembly: PostAssembly, withoutAPost: Int) -> [String] {
        var notices: [String] = []
        if withoutAPost > 0 {
            notices.append("answers that belong to none of the posts, and are not shown: \(withoutAPost)")
        }
        if assembly.withoutGold > 0 { notices.append("posts that are not in gold: \(assembly.withoutGold)") }
        if let left = assembly.gold?.left, left > 0 {
            notices.append("posts of gold that are not here, and not counted as missed: \(left)")
        }
        if assembly.thumbnails.leftOut > 0 {
            notices.append(
                "pictures left out, as they would take more than \(maxInline) MiB (--max-inline): "
                    + "\(assembly.thumbnails.leftOut); a folder (--out DIR) holds any number")
        }
        return notices
    }
}
