import Corpora
import Randomness
import SystemPackage
import Text

/// Labelled posts that have their pictures.
extension EvidenceData {
    /// Folder of the pictures, in that of the posts. It is a part of the pictures' names, so that none is taken for one
    /// of another source.
    static let picturesFolder: FilePath.Component = "images"

    /// Where it lies, what a detector found in the pictures.
    static let objectsFile: FilePath.Component = "objects.ndjson"

    /// A post as it is labelled, and as gate and box head get it: entities are the same, in the same order.
    struct Pictured: Sendable {
        var labelled: LabelledPost
        var example: EvidencePost
    }

    /// The posts of one half; `notes` gets what could not be read.
    ///
    /// - Throws: ``DataError`` where there is no such file, and ``TrainingError`` for boxes in a picture of unknown size
    ///   and for a type that the model has none like.
    func picturedPosts(_ part: Part, types: TypeInventory, notes: inout [String]) throws -> [Pictured] {
        guard let pictured else { return [] }
        let file = pictured.appending("\(part.rawValue).ndjson")
        let found = pictured.appending(Self.objectsFile)
        let objects = DataFile.exists(found) ? try DetectedObject.read(found) : [:]
        var wordless = 0
        var posts = try DataSource(file, format: .ndjson).read().posts.map { post in
            if post.picture == nil, post.entities.contains(where: { $0.boxes?.isEmpty == false }) {
                throw TrainingError(.data, "\(file), post \(post.id): boxes, but no “width” and “height”")
            }
            var post = post
            wordless += post.entities.count { $0.words.isEmpty }
            post.entities.removeAll { $0.words.isEmpty }
            post.knowledge = knowledge.of(post)
            var example = try EvidencePost(
                post, types: types, captions: post.alt.map { [$0] } ?? [],
                image: post.image.map { "\(Self.picturesFolder)/\($0)" }, keepsUnsure: part == .train)
            example.origin = .pictured
            example.objects += post.image.flatMap { objects[$0.exact]?.likelyBoxes } ?? []
            return Pictured(labelled: post, example: example)
        }
        if wordless > 0 { notes.append("\(file): entities left out because they are in no word: \(wordless)") }
        if part == .train { vary(&posts) }
        return posts
    }

    /// Gives training posts other ways to show their pictures, and pictures of other posts.
    private func vary(_ posts: inout [Pictured]) {
        let images = posts.compactMap(\.example.image)
        for index in posts.indices {
            guard let image = posts[index].example.image else { continue }
            var random = SeededGenerator(seed: seed, stream: UInt64(index))
            posts[index].example.framings = (0..<partsPerPicture).map { _ in .part(.random(using: &random)) }
            posts[index].example.otherImages = (0..<4).map { _ in images[Int(random.next() % UInt64(images.count))] }
                .filter { $0 != image }
        }
    }
}
