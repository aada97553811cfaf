import Text
import ArgumentParser
import Corpora
import Images
import Learning
import Reporting
import SystemPackage
import Wire
import Synthesis
import Geometry

/// `gmner synth`: posts with grounded names, made of captioned photographs.
struct SynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synth",
        abstract: "Make posts with grounded names of captioned photographs with boxes.",
        discussion: """
            Each line of the photographs is {"image": name, "captions": [sentence, …], "objects": [{"coco": class \
            number, "score": 0…1, "box": [x1,y1,x2,y2] in 0…1}, …]}. Noun phrases of the captions become names drawn \
            from --names, as often as they stand there.

            A line of the output is gold in the filter's own format, for gmner eval --gold, and input for \
            gmner-stream: {"id","text","tokens","image" (path),"alt","contradiction","triples"}. A triple has \
            "visible" 1 or 0 and "box" in pixels: null where the entity cannot be seen, left out where it can and no \
            box fits; "counterpart" is the noun that the name stands for. "contradiction" is true where the picture is \
            of another photograph than the text. The same files, seed and counts give the same posts.
            """)

    @Option(help: ArgumentHelp("Photographs with captions and objects, NDJSON.", valueName: "file"))
    var photographs: String

    @Option(
        help: ArgumentHelp(
            "Twitter-GMNER or, for finer fitting names, Twitter-FMNERG: the folder, or a CoNLL file of its.",
            valueName: "dir|file"))
    var names: String

    @Option(help: ArgumentHelp("More names: lines of type, name and perhaps count, tabs between.", valueName: "file"))
    var namesFile: String?

    @Option(
        help: ArgumentHelp("Folder of the pictures; images beside the photographs' file by default.", valueName: "dir"))
    var images: String?

    @Option(help: ArgumentHelp("File to write.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("Posts made of each photograph.", valueName: "count"))
    var postsPerPhotograph = 1

    @Option(help: "The same seed gives the same posts.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...1000).contains(postsPerPhotograph) else {
            throw ValidationError("--posts-per-photograph is 1 to 1000")
        }
    }

    func run() throws {
        let file = FilePath(photographs)
        var drawn = try NameInventory.Name.read(from: FilePath(names))
        if let namesFile { drawn += try NameInventory.Name.readTable(FilePath(namesFile)) }
        let synthesizer = PostSynthesizer(
            photographs: try CaptionedPhotograph.read(file, mayBeStream: true), names: try inventory(drawn), seed: seed)
        let posts = synthesizer.posts(perPhotograph: postsPerPhotograph)
        let folder = images.map { FilePath($0) } ?? file.removingLastComponent().appending("images")
        var sizes: [ExactString: ImageSize] = [:]
        let source = PictureSource(root: folder)
        try posts.write(to: FilePath(out), pictures: folder) { name throws(ImageError) in
            if let size = sizes[name.exact] { return size }
            let picture = try source.picture(of: name, atLeast: 1).whole()
            let size = picture.storedSize
            sizes[name.exact] = size
            return size
        }
        try Terminal.write(SynthesisCounts(posts).table)
    }

    private func inventory(_ drawn: [NameInventory.Name]) throws -> NameInventory {
        do throws(DataError) {
            return try NameInventory(drawn)
        } catch {
            throw DataError(FilePath(names), error.message)
        }
    }
}
