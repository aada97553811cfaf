import Geometry
import Model
import Wire

/// A post on its way from parse to write, with what the stages have found so far.
struct Journey: Sendable {
    /// Its place in the window.
    let sequence: Int
    /// When it was admitted, in nanoseconds of the monotonic clock.
    let admitted: UInt64
    let post: Post
    /// The record as it came, where records without an answer are put aside.
    var record: [UInt8] = []
    /// Nanoseconds that have been worked on it.
    var spent: UInt64 = 0
    var found = Findings()

    /// What the model reads, within limits.
    func text(_ limits: ReadingLimits) -> PostText {
        var text = PostText(
            text: post.text, tokens: post.tokens, alt: post.alt, knowledge: post.knowledge, picture: found.features)
        text.limits = limits
        text.isShown = post.image != nil || post.alt?.isEmpty == false
        return text
    }
}

/// What stages know of a post that the feed did not say. It is all that a stage can change of a ``Journey``.
struct Findings: Sendable {
    /// Patches, between decode and see.
    var patches: [Float] = []
    /// Size of the stored picture, if it could be read.
    var imageSize: ImageSize?
    /// What was seen in the picture.
    var features: PictureFeatures?
    /// What was found in the text.
    var reading: Reading?
    /// What is to be answered.
    var mentions: [Mention] = []
    /// What could not be used.
    var warnings: [Warning] = []
}
