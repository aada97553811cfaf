import Corpora
import Kernels
import Model
import Scoring
import Synchronization
package import SystemPackage
import Text
import Weights

/// What a model says of labelled posts with their pictures: of the entities that are there, and of those that its own
/// tagger finds, each with everything that the post shows and from the text alone.
package struct PicturedAnswers: Sendable {
    /// What could not be read.
    package private(set) var notes: [String] = []
    /// The model's types.
    let types: TypeInventory
    /// The posts that have a picture, in their order.
    let posts: [Post]

    /// A post and what was said of it.
    struct Post: Sendable {
        /// The post with the entities that are there.
        var truth: LabelledPost
        /// Of these entities: one mention each, in their order.
        var known: Sayings
        /// Of what the tagger finds.
        var found: Sayings
        /// The same mentions before pictures that have nothing to do with the post, as far as there are such.
        var strange: [StrangePicture: [Mention]] = [:]
    }

    /// What a model says of some mentions.
    struct Sayings: Sendable, Equatable {
        /// With the picture, and alternative text where there is some.
        var shown: [Mention]
        /// The same mentions, from the text alone.
        var alone: [Mention]
    }

    /// Answers by their parts.
    init(types: TypeInventory, posts: [Post]) {
        self.types = types
        self.posts = posts
    }

    /// Lets a model answer the development posts of ``EvidenceData/pictured``.
    ///
    /// - Parameter cache: Folder that keeps what the patch encoder makes.
    /// - Throws: ``TrainingError`` for a model that does not ground, and for posts or pictures that cannot be read.
    package init(_ data: EvidenceData, model: FilePath, cache: FilePath, pool: WorkerPool) throws {
        let grounder = try Grounder(directory: model)
        guard grounder.configuration.grounding != nil else {
            throw TrainingError(.settings, "\(model): a model without evidence reader, gate and box head")
        }
        types = grounder.types
        let read = try data.picturedPosts(.dev, types: types, notes: &notes).filter { $0.example.image != nil }
        let folder = try ModelWriter(cache, storage: .float32).directory
        let shown = EvidenceData.Posts(real: [], pictured: read.map(\.example), made: [])
        let preparation = EvidencePreparation(model: model, cache: folder, pool: pool)
        let pictures = try preparation.rows(of: [shown], data)
        let noise = try StrangePicture.noise(grounder)
        let regions = try preparation.lookedAt(shown, data).pictured.regionsByPicture
            .merging(preparation.objectsInBlanks()) { own, _ in own }
        let answers = Mutex([Post?](repeating: nil, count: read.count))
        try pool.run(pool.workers) { (lane) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                for index in stride(from: lane, to: read.count, by: pool.workers) {
                    func features(_ image: String?) -> PictureFeatures? {
                        guard let image, var features = pictures?.features(of: image) else { return nil }
                        features.regions = regions[image] ?? []
                        return features
                    }
                    let other = read[(index + read.count / 2) % read.count].example.image
                    let answer = try Post(
                        read[index], features(read[index].example.image),
                        strange: [
                            .ofAnotherPost: other == read[index].example.image ? nil : features(other),
                            .ofOneColour: features(BlankPicture.plain[index % BlankPicture.plain.count].name),
                            .ofNoise: noise,
                        ].compactMapValues(\.self), worker)
                    answers.withLock { $0[index] = answer }
                }
            } catch {
                throw TrainingError(error)
            }
        }
        posts = answers.withLock { $0.compactMap(\.self) }
    }
}

extension PicturedAnswers.Post {
    fileprivate init(
        _ post: EvidenceData.Pictured, _ picture: PictureFeatures?, strange pictures: [StrangePicture: PictureFeatures],
        _ worker: GroundingWorker
    ) throws(ShapeError) {
        truth = post.labelled
        let entities = zip(post.labelled.entities, post.example.entities).map { entity, example in
            Mention(words: example.words, scalars: entity.scalars, type: example.typeIndex, score: 1)
        }
        let text = PostText(
            text: truth.text, tokens: truth.wordScalars, alt: truth.alt, knowledge: truth.knowledge, picture: picture)
        var told = text
        told.mentions = entities
        let readings = try worker.read([told, text])
        known = try PicturedAnswers.Sayings(readings[0], picture, worker)
        found = try PicturedAnswers.Sayings(readings[1], picture, worker)
        for (kind, picture) in pictures { strange[kind] = try worker.ground(readings[1], picture: picture) }
    }
}

extension PicturedAnswers.Sayings {
    fileprivate init(
        _ reading: Reading, _ picture: PictureFeatures?, _ worker: GroundingWorker
    ) throws(ShapeError) {
        var bare = reading
        (bare.alt, bare.altRows) = ([], 0)
        shown = try worker.ground(reading, picture: picture)
        alone = try worker.ground(bare, picture: nil)
    }
}

extension PatchCache {
    /// What the patch encoder saw in a picture; `nil` for one that is not here.
    func features(of image: String) -> PictureFeatures? {
        self[image].map { PictureFeatures(tokens: $0.span.array, rows: rows, width: width) }
    }
}
