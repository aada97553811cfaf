import ArgumentParser
import Corpora
import FoundationEssentials
import Learning
import Synthesis
import SystemPackage

/// Where sentences come from, for what is made of sentences alone.
struct SentenceSources: ParsableArguments {
    @Option(help: ArgumentHelp("Photographs with captions and objects, NDJSON.", valueName: "file"))
    var photographs: String?

    @Option(
        help: ArgumentHelp(
            "Posts: a data set's folder, whose training posts and captions.train.ndjson are read, or a file in any "
                + "format of convert; may be given several times.", valueName: "dir|file"))
    var texts: [String] = []

    /// Captions of the photographs, then the texts.
    func sentences() throws -> [String] {
        var sentences: [String] = []
        if let photographs {
            let read = try CaptionedPhotograph.read(FilePath(photographs), mayBeStream: true)
            sentences = read.flatMap(\.captions)
        }
        for path in texts.map({ FilePath($0) }) { sentences += try Self.sentences(of: path) }
        return sentences
    }

    private static func sentences(of path: FilePath) throws -> [String] {
        guard (try? path.stat())?.type == .directory else {
            var source = DataSource(path)
            source.mayBeStream = true
            source.findsBoxes = false
            let posts = try source.read().posts.filter(\.isTextKnown)
            guard !posts.isEmpty else { throw DataError(path, "no texts") }
            return posts.map(\.text)
        }
        let captions = try EvidenceData.captions(of: .train, in: path)
        let sentences = captions.sorted { $0.key < $1.key }.flatMap(\.value)
        return try TrainingData(folder: path).train.posts.map(\.text) + sentences
    }
}
