import Corpora
import SystemPackage
import Text

/// Labelled posts that have their pictures.
extension EvidenceData {
    /// Folder of the pictures, in that of the posts. It is a part of the pictures' names, so that none is taken for one
    /// of another source.
    static let picturesFolder: FilePath.Component = "images"

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
        var wordless = 0
        let posts = try DataSource(file, format: .ndjson).read().posts.map { post in
            if post.picture == nil, post.entities.contains(where: { $0.boxes?.isEmpty == false }) {
                throw TrainingError(.data, "\(file), post \(post.id): boxes, but no “width” and “height”")
            }
            var post = post
            wordless += post.entities.count { $0.words.isEmpty }
            post.entities.removeAll { $0.words.isEmpty }
            post.knowledge = knowledge[post.id] ?? post.knowledge
            let example = try EvidencePost(
                post, types: types, captions: post.alt.map { [$0] } ?? [],
                image: post.image.map { "\(Self.picturesFolder)/\($0)" })
            return Pictured(labelled: post, example: example)
        }
        if wordless > 0 { notes.append("\(file): entities left out because they are in no word: \(wordless)") }
        return posts
    }
}
