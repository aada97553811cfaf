package import Model
package import Text
package import Kernels

/// What the stages need of a model.
///
/// ``Model/Grounder`` is one; tests put another in its place.
package protocol PostModel: Sendable {
    /// Runs the model on one thread at a time.
    associatedtype Worker: PostWorker

    /// The types of the mentions that it finds.
    var types: TypeInventory { get }

    /// When the model looks at pictures. Where its tagger does, a post's picture comes before its text.
    var looks: Looks { get }

    /// Whether it makes use of what outside tools saw in a picture.
    var readsRegions: Bool { get }

    /// Whether it reads what is known of a post from elsewhere.
    var readsKnowledge: Bool { get }

    /// A worker with memory of its own.
    func makeWorker() throws(ModelError) -> Worker
}

/// What a model does for a post.
package protocol PostWorker {
    /// Tags texts; one reading a text. Where the tagger looks, ``Model/PostText/picture`` is what ``see(_:)`` gave.
    func read(_ posts: [PostText]) throws(ShapeError) -> [Reading]
    /// Encodes pictures; one result a picture.
    func see(_ pictures: [PictureInput]) throws(ShapeError) -> [PictureFeatures]
    /// The mean of the states of each text's words; zeros where it has none.
    func vectors(of texts: [String]) throws(ShapeError) -> [[Float]]
    /// Whether it has words of a label's script.
    func canRead(_ label: String) -> Bool
    /// A reading with another alternative text beside it.
    func describe(_ reading: Reading, by alt: String) throws(ShapeError) -> Reading
    /// Decides what can be seen, and where.
    func ground(
        _ reading: Reading, picture: PictureFeatures?, details: MentionDetails
    ) throws(ShapeError) -> [Mention]
}
