import ArgumentParser
import Corpora
import Learning
import Options
import SystemPackage
import Wire

/// `gmner convert`: labelled posts from one format to another.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract:
            "Convert gold data and answers between the formats of the field, and to those of other tools.",
        discussion: """
            Formats of one file (twitter2015, twitter2017, conll, ccks, ndjson, posts, coco, coco-results, displacy, \
            label-studio) are written to OUTPUT, - being standard output; the others (gmner, fmnerg, smner, voc, \
            brat, yolo) into the folder OUTPUT. The filter's answers have no text: where a format needs it, --texts \
            brings it from the posts that were fed; keys say where those have their parts, or without --texts where \
            the input has them. Exit status 65 means that the data cannot be read, or does not \
            fit the format.
            """)

    @Option(help: "Format of the input; guessed where not given.")
    var from: DataFormat?

    @Option(help: "Format of the output.")
    var to: ExportFormat

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var feed: FeedOptions

    @Option(
        help: ArgumentHelp(
            "Pictures of posts that name none: ID.jpg or ID.png, as far as they are at hand.",
            valueName: "dir"))
    var images: String?

    @OptionGroup var labelStudio: LabelStudioOptions

    @Argument(help: ArgumentHelp("Labelled data, - for standard input.", valueName: "input"))
    var input: String

    @Argument(help: ArgumentHelp("File or folder to write.", valueName: "output"))
    var output: String

    func validate() throws { try labelStudio.validate(to, output) }

    func run() throws {
        var data = try reading.read(input, from, feed: reading.texts == nil ? feed : nil)
        if let texts = reading.texts.map({ FilePath($0) }) {
            let contents = try DataFile.read(texts, mayBeStream: true)
            try data.addTexts(
                from: try NDJSONReader(keys: feed.keys, html: feed.html).read(contents, of: texts), path: texts)
        }
        if let folder = images.map({ FilePath($0) }) { try data.addPictures(from: folder) }
        let project = labelStudio.project
        try to.write(try to.files(for: data, labelStudio: project), to: FilePath(output))
        if let file = labelStudio.labellingConfig {
            try to.write([project.configuration(for: data)], to: FilePath(file))
        }
    }
}

extension ExportFormat: ExpressibleByArgument {}
