import Model
package import SystemPackage
package import Text
import Wire
import Synthesis
import Randomness
package import Corpora
import JSON

/// Where posts and photographs come from that gate and box head learn from.
package struct EvidenceData: Sendable {
    /// A data set's folder of grounded posts, with `captions.train.ndjson` and `captions.dev.ndjson` where captions
    /// stand in for alternative text; `nil` for none.
    package var posts: FilePath?
    /// The posts' own pictures, `ID.jpg` or `ID.png`, as far as they are at hand.
    package var images: FilePath?
    /// Background of the posts, for taggers that read it.
    package var knowledge = Knowledge()
    /// A folder with `train.ndjson` and `dev.ndjson` of labelled posts, and their pictures in `images`; `nil` for none.
    package var pictured: FilePath?
    /// A folder with `train.ndjson` and `dev.ndjson` of captioned photographs and their `images`; `nil` for none.
    package var photographs: FilePath?
    /// Where names for posts about photographs are drawn from: a data set's folder. `nil`: `posts`.
    package var names: FilePath?
    /// Parts of each picture of a post that training shows besides the whole.
    package var partsPerPicture = 0
    /// Posts made of each photograph.
    package var postsPerPhotograph = 2
    /// Parts of each photograph that training shows besides the whole.
    package var partsPerPhotograph = 0
    /// Collages with each photograph that training shows besides it alone.
    package var collagesPerPhotograph = 0
    /// Posts made of each photograph to judge by: several, as one tells of few of the things that can be seen.
    static let developmentPosts = 3
    /// Decides which.
    package var seed: UInt64 = 1

    /// Nothing yet.
    package init() {}

    /// What a run reads, but for knowledge.
    init(_ inputs: TrainingInputs) {
        posts = inputs[.data]
        images = inputs[.images]
        pictured = inputs[.pictured]
        photographs = inputs[.photographs]
        names = inputs[.names]
    }

    /// Which half of the data.
    package enum Part: String, Sendable {
        case train, dev
    }

    /// Posts of all kinds.
    package struct Posts: Sendable {
        /// Those that people wrote.
        package var real: [EvidencePost]
        /// Those that people wrote beside the pictures that are at hand, each in its own words.
        package var pictured: [EvidencePost] = []
        /// Those made of photographs' captions.
        package var made: [EvidencePost]
        /// What could not be read.
        package var notes: [String] = []
        /// All of them.
        var all: [EvidencePost] { real + pictured + made }
    }

    /// Reads and makes the posts of one half.
    ///
    /// - Parameter keepsEmpty: Whether real posts without entities are among them.
    package func read(_ part: Part, types: TypeInventory, keepsEmpty: Bool = false) throws -> Posts {
        func kept(_ posts: [EvidencePost]) -> [EvidencePost] {
            keepsEmpty ? posts : posts.filter { !$0.entities.isEmpty }
        }
        var notes: [String] = []
        return Posts(
            real: kept(try realPosts(part, types: types)),
            pictured: kept(try picturedPosts(part, types: types, notes: &notes).map(\.example)),
            made: try madePosts(part, types: types), notes: notes)
    }

    /// Throws where there is knowledge that a tagger would not read.
    func requireReader(of tagger: WordConfiguration) throws(TrainingError) {
        guard knowledge.isEmpty || tagger.knowledgePieces != nil else {
            throw TrainingError(.settings, "the tagger was trained without knowledge, and would not read it")
        }
    }

    // MARK: Real posts

    private func realPosts(_ part: Part, types: TypeInventory) throws -> [EvidencePost] {
        guard let posts else { return [] }
        let data = try TrainingData(folder: posts)
        let labelled = part == .train ? data.train.posts : data.development.posts
        let captions = try Self.captions(of: part, in: posts)
        return try labelled.map { post in
            var example = try EvidencePost(
                post, types: types, captions: captions[post.sourceID.exact] ?? [],
                image: images.flatMap { DataFile.picture($0, id: post.sourceID) })
            example.knowledge = knowledge.of(post)
            return example
        }
    }

    /// Sentences about posts' pictures, by the posts' ids, as a data set's folder has them: of each line, every string but
    /// the id. None where there is no such file.
    package static func captions(of part: Part, in folder: FilePath) throws(DataError) -> [ExactString: [String]] {
        let path = folder.appending("captions.\(part.rawValue).ndjson")
        var captions: [ExactString: [String]] = [:]
        guard DataFile.exists(path) else { return captions }
        try DataFile.forEachValue(path) { (value, line) throws(DataError) in
            guard case .object(let members) = value, let id = value["id"]?.string else {
                throw DataError(path, line: line, "expected an object with a string “id”")
            }
            let sentences = members.filter { $0.key != "id" }.compactMap(\.value.string)
            captions[id.exact] = sentences.filter { $0.contains(where: \.isLetter) }
        }
        return captions
    }

    // MARK: Posts about photographs

    private func madePosts(_ part: Part, types: TypeInventory) throws -> [EvidencePost] {
        guard let photographs else { return [] }
        guard let folder = names ?? posts else {
            throw TrainingError(.settings, "names for posts about photographs need a data set to come from")
        }
        let read = try CaptionedPhotograph.read(photographs.appending("\(part.rawValue).ndjson"))
        let synthesizer = PostSynthesizer(
            photographs: read,
            names: try NameInventory(NameInventory.Name.read(from: Self.source(of: part, in: folder))),
            seed: part == .train ? seed : 0)
        let photographOf = Dictionary(read.map { ($0.image.exact, $0) }, uniquingKeysWith: { first, _ in first })
        let count = part == .train ? postsPerPhotograph : Self.developmentPosts
        let posts = synthesizer.posts(perPhotograph: count).filter { !$0.entities.isEmpty }
        var framings: [ExactString: [PictureView.Framing]] = [:]
        if part == .train {
            let shown = Dictionary(grouping: posts, by: \.image.exact)
            for (index, photograph) in read.enumerated() {
                var random = SeededGenerator(seed: seed, stream: UInt64(index))
                let parts = (0..<partsPerPhotograph).map { _ in
                    PictureView.Framing.part(.random(using: &random))
                }
                let collages = collages(shown[photograph.image.exact] ?? [], synthesizer, &random)
                framings[photograph.image.exact] = parts + collages
            }
        }
        return try posts.enumerated().map { index, post in
            var example = try EvidencePost(post, of: photographOf[post.image.exact], types: types, turn: index)
            example.framings = framings[post.image.exact] ?? []
            example.otherImages = synthesizer.otherImages(than: post, count: part == .train ? 4 : 1, seed: seed)
            return example
        }
    }

    /// Collages of a photograph with such as show nothing of what its posts name.
    private func collages(
        _ posts: [SynthesizedPost], _ synthesizer: PostSynthesizer, _ random: inout SeededGenerator
    ) -> [PictureView.Framing] {
        guard collagesPerPhotograph > 0, var all = posts.first else { return [] }
        all.entities = posts.flatMap(\.entities)
        let others = synthesizer.otherImages(than: all, count: 3 * collagesPerPhotograph, seed: seed)
        return (0..<collagesPerPhotograph).compactMap { index in
            Collage.random(others: Array(others.dropFirst(3 * index).prefix(3)), using: &random).map { .collage($0) }
        }
    }

    /// Development posts have names that training has not seen.
    private static func source(of part: Part, in folder: FilePath) -> FilePath {
        guard part == .dev else { return folder }
        let files = ["txt_fine/dev.txt", "txt/dev.txt"].map { folder.pushing(FilePath($0)) }
        return files.first(where: DataFile.exists) ?? folder
    }
}

extension EvidencePost {
    /// A post made of a photograph, with all sentences and objects of the photograph that it shows.
    ///
    /// - Parameter turn: number of the post; of several types of an entity's role, it gets another one in each.
    /// - Throws: ``TrainingError`` for a type that the model has none like.
    init(
        _ post: SynthesizedPost, of photograph: CaptionedPhotograph?, types: TypeInventory, turn: Int
    ) throws(TrainingError) {
        var entities: [Entity] = []
        for entity in post.entities {
            guard let type = types.type(like: entity.type, turn: turn + entities.count) else {
                throw TrainingError(
                    .settings, "the model has no type like '\(entity.type)', which photographs' posts have")
            }
            entities.append(
                Entity(
                    words: entity.words, typeIndex: type, isVisible: entity.visible,
                    boxes: entity.box.map { [$0] } ?? [], isPerson: types.role(of: type) == .person))
        }
        self.init(
            words: post.words, entities: entities, captions: photograph?.captions ?? [], alt: post.alt,
            image: post.image, objects: photograph?.objects.likelyBoxes ?? [])
        origin = .made
    }
}
