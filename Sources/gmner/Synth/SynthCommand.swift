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

/// `gmner synth`: posts with grounded names, made of captioned photographs, or pictures, drawn for sentences.
struct SynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synth",
        abstract: "Make posts of captioned photographs with boxes, or draw pictures for sentences.",
        discussion: """
            Each line of the photographs is {"image": name, "captions": [sentence, …], "objects": [{"coco": class \
            number, "score": 0…1, "box": [x1,y1,x2,y2] in 0…1}, …]}. Noun phrases of the captions become names drawn \
            from --names, as often as they stand there.

            A line of the output is gold in the filter's own format, for gmner eval --gold, and input for \
            gmner-stream: {"id","text","tokens","image" (path),"alt","contradiction","triples"}. A triple has \
            "visible" 1 or 0 and "box" in pixels: null where the entity cannot be seen, left out where it can and no \
            box fits; "counterpart" is the noun that the name stands for. "contradiction" is true where the picture is \
            of another photograph than the text. The same files, seed and counts give the same posts.

            With --draw, the output is photographs that nobody took: for each sentence of --photographs and --texts, \
            a picture in which every noun phrase of --nouns is a shape. Their lines are those of --photographs, with a \
            "phrase" for each object.
            """)

    @OptionGroup var sources: SentenceSources

    @Flag(help: "Draw pictures for sentences, in place of making posts.")
    var draw = false

    @Option(help: ArgumentHelp("Noun phrases to draw, as gmner nouns lists them.", valueName: "file"))
    var nouns: String?

    @Option(
        help: ArgumentHelp(
            "Twitter-GMNER or, for finer fitting names, Twitter-FMNERG: the folder, or a CoNLL file of its.",
            valueName: "dir|file"))
    var names: String?

    @Option(help: ArgumentHelp("More names: lines of type, name and perhaps count, tabs between.", valueName: "file"))
    var namesFile: String?

    @Option(
        help: ArgumentHelp(
            "Folder of the pictures; images beside the photographs' file by default, with --draw beside that of --out.",
            valueName: "dir"))
    var images: String?

    @Option(help: ArgumentHelp("File to write.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("Posts made of each photograph; 1 by default.", valueName: "count"))
    var postsPerPhotograph: Int?

    @Option(help: "The same seed gives the same posts, and the same pictures.")
    var seed: UInt64 = 1

    func validate() throws {
        let ofPosts = ("names", names), ofDrawing = ("nouns", nouns)
        for (name, value) in draw ? [ofPosts, ("names-file", namesFile)] : [ofDrawing] where value != nil {
            throw ValidationError("--\(name) is for \(draw ? "posts, not for --draw" : "--draw")")
        }
        let (needed, value) = draw ? ofDrawing : ofPosts
        guard value != nil else { throw ValidationError("--\(needed) is missing") }
        guard sources.photographs != nil || draw && !sources.texts.isEmpty else {
            throw ValidationError(draw ? "give --photographs or --texts" : "--photographs is missing")
        }
        guard draw || sources.texts.isEmpty else { throw ValidationError("--texts are for --draw") }
        guard !draw || postsPerPhotograph == nil else {
            throw ValidationError("--posts-per-photograph is for posts, not for --draw")
        }
        guard (1...1000).contains(postsPerPhotograph ?? 1) else {
            throw ValidationError("--posts-per-photograph is 1 to 1000")
        }
    }

    func run() throws {
        if let nouns, draw { return try drawPictures(of: FilePath(nouns)) }
        if let names, let photographs = sources.photographs {
            try makePosts(of: FilePath(photographs), names: FilePath(names))
        }
    }

    private func drawPictures(of nouns: FilePath) throws {
        let drawer = SentenceDrawer(nouns: try NounVocabulary.read(nouns, mayBeStream: true), seed: seed)
        let out = FilePath(out)
        let drawing = Drawing(
            out: out, images: images.map { FilePath($0) } ?? out.removingLastComponent().appending("images"))
        try Terminal.write(try drawing.draw(sources.sentences(), with: drawer))
    }

    private func makePosts(of file: FilePath, names: FilePath) throws {
        var drawn = try NameInventory.Name.read(from: names)
        if let namesFile { drawn += try NameInventory.Name.readTable(FilePath(namesFile)) }
        let synthesizer = PostSynthesizer(
            photographs: try CaptionedPhotograph.read(file, mayBeStream: true), names: try inventory(drawn, names),
            seed: seed)
        let posts = synthesizer.posts(perPhotograph: postsPerPhotograph ?? 1)
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

    private func inventory(_ drawn: [NameInventory.Name], _ file: FilePath) throws -> NameInventory {
        do throws(DataError) {
            return try NameInventory(drawn)
        } catch {
            throw DataError(file, error.message)
        }
    }
}
