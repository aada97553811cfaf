import Geometry
import Model
import Wire

/// A post on its way from parse to write, with what the stages have found so far.
struct Journey: Sendable {
    /// Its place in the window.
    let sequence: Int
    /// When it was admitted, in nanoseconds of the monotonic clock.
    let admitted: UInt64
    var post: Post
    /// Bytes of the record as it came.
    var bytes = 0
    /// The record as it came, where records without an answer are put aside.
    var record: [UInt8] = []
    /// Nanoseconds that have been worked on it.
    var spent: UInt64 = 0
    var found = Findings()

    /// What the model reads, within limits.
    func text(_ limits: ReadingLimits) -> PostText {
        let alt = described.allAlt
        var text = PostText(
            text: post.text, tokens: post.tokens, alt: alt,
            knowledge: post.knowledge ?? found.consultation.beforeReading.knowledge,
            picture: found.features)
        text.limits = limits
        text.isShown = post.images.contains { $0.location != nil } || alt?.isEmpty == false
        return text
    }

    /// The post, with what was found of its pictures in place of alternative text that the feed does not have.
    var described: Post { post.described(by: found.consultation.beforeReading.captions) }

    /// The next picture to look at, by its place in the post; `nil` where there is none, or none is left. Pictures are
    /// looked at one after another, so that a post with many takes no more memory than one with one.
    var nextPicture: Int? {
        post.images.indices.first { $0 >= found.picturesTried && post.images[$0].location != nil }
    }
}

/// What stages know of a post that the feed did not say. It is all that a stage can change of a ``Journey``.
struct Findings: Sendable {
    /// The picture, between decode and see.
    var picture: PictureInput?
    /// Its patches, kept until mentions are cut out, where somebody asked for that.
    var pixels: [Float] = []
    /// How many of the post's pictures have been tried, or passed over.
    var picturesTried = 0
    /// Size of each stored picture of the post that could be read; empty before one was tried.
    var imageSizes: [ImageSize?] = []
    /// What was seen in the picture that was tried last.
    var features: PictureFeatures?
    /// What was found in the text.
    var reading: Reading?
    /// What is to be answered; `nil` before it was grounded.
    var mentions: [Mention]?
    /// What others are asked about it.
    var consultation = Consultation()
    /// What could not be used.
    var warnings: [Warning] = []
}
