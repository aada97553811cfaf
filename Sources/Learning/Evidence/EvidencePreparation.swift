import Model
import Images
import Reporting
package import SystemPackage
import Text
import Weights

/// Lets a model's encoders read posts and pictures, or finds what they read before.
struct EvidencePreparation {
    /// A model directory that grounds.
    var model: FilePath
    /// Folder that keeps what the encoders make.
    var cache: FilePath
    /// File that keeps the rows of photographs; `nil`: in that folder.
    var photographs: FilePath?
    var pool: WorkerPool
    /// How it is shown how far that is.
    var progress = ProgressStyle.none

    /// What encoders and a detector see in pictures.
    struct Pictures {
        /// Rows of all that posts show; `nil` where they show none.
        let rows: PatchCache?
        /// What the model's detector takes blank ones for.
        let blanks: [String: [SeenRegion]]
    }

    /// What is seen in all pictures that posts show, and in blank ones beside them.
    func pictures(of parts: [EvidenceData.Posts], _ data: EvidenceData) throws -> Pictures {
        let rows = try rows(of: parts, data)
        return Pictures(rows: rows, blanks: try rows == nil ? [:] : objectsInBlanks())
    }

    /// Rows of all pictures that posts show; `nil` where they show none.
    func rows(of parts: [EvidenceData.Posts], _ data: EvidenceData) throws(TrainingError) -> PatchCache? {
        var rows: PatchCache?
        for (posts, folder, file) in [
            (
                parts.flatMap(\.made), data.photographs?.appending("images"),
                photographs ?? cache.appending("photographs.patches")
            ),
            (parts.flatMap(\.real), data.images, cache.appending("pictures.patches")),
            (parts.flatMap(\.pictured), data.pictured, cache.appending("pictured.patches")),
        ] {
            var views: Set<PictureView> = []
            for post in posts {
                for image in post.otherImages { views.insert(PictureView(image: image)) }
                guard let image = post.image else { continue }
                for framing in [nil] + post.framings { views.insert(PictureView(image: image, framing: framing)) }
            }
            guard let folder, !views.isEmpty else { continue }
            let pictures = views.sorted { $0.name < $1.name } + BlankPicture.names.map { PictureView(image: $0) }
            let part = try PatchCache.open(
                file, pictures: pictures, in: folder, model: model, pool: pool, progress: progress)
            rows = try rows?.joined(with: part) ?? part
        }
        return rows
    }

    /// Posts with their readings, which a file of that name keeps; `nil` for no posts.
    func set(_ posts: [EvidencePost], _ pictures: Pictures, _ name: String) throws -> EvidenceSet? {
        if posts.isEmpty { return nil }
        let file = cache.appending("\(name).readings")
        let labels = pictures.blanks.sorted { $0.key < $1.key }.flatMap(\.value).compactMap(\.label)
        let readings = try EvidenceReadings(posts, labels: labels, model: model, cache: file, pool: pool)
        return EvidenceSet(posts, readings: readings, patches: pictures.rows, blanks: pictures.blanks)
    }

    /// The development posts; of those with pictures it is known which entities the tagger finds.
    func evaluation(_ posts: EvidenceData.Posts, _ pictures: Pictures) throws -> EvidenceEvaluation {
        EvidenceEvaluation(
            posts: try set(posts.real, pictures, "dev-posts"),
            pictured: try set(marked(posts.pictured), pictures, "dev-pictured"),
            photographs: try set(posts.made, pictures, "dev-photographs"))
    }

    /// The same posts, with the entities marked that the model's tagger finds.
    private func marked(_ posts: [EvidencePost]) throws -> [EvidencePost] {
        if posts.isEmpty { return [] }
        let worker = try Grounder(directory: model).makeWorker()
        return try posts.map { post in
            var post = post
            var text = post.text
            text.mentions = nil
            let found = Set(try worker.read([text])[0].mentions.map(\.words))
            for index in post.entities.indices {
                post.entities[index].isFound = found.contains(post.entities[index].words)
            }
            return post
        }
    }
}

extension EvidenceEvaluation {
    /// The development posts of a source, read by a model.
    ///
    /// - Parameter cache: Folder that keeps what the encoders make.
    package init(_ data: EvidenceData, model: FilePath, cache: FilePath, pool: WorkerPool) throws {
        let configuration = try ModelDirectory(model).configuration()
        let types = try Network(configuration).tags.inventory
        let folder = try ModelWriter(cache, storage: .float32).directory
        let posts = try data.read(.dev, types: types)
        let preparation = EvidencePreparation(model: model, cache: folder, pool: pool)
        self = try preparation.evaluation(preparation.lookedAt(posts, data), preparation.pictures(of: [posts], data))
    }
}
