import Model
import Wire
import Geometry

/// A post on its way from parse to format, with what the stages have found so far.
struct Journey: Sendable {
    /// Its place in the window.
    let sequence: Int
    /// When it was admitted, in nanoseconds of the monotonic clock.
    let admitted: UInt64
    let post: Post
    var reading: Reading?
    /// Patches, between decode and see.
    var patches: [Float] = []
    var imageSize: ImageSize?
    var features: PictureFeatures?
    var warnings: [Warning] = []

    init(sequence: Int, admitted: UInt64, post: Post) {
        self.sequence = sequence
        self.admitted = admitted
        self.post = post
    }

    /// What the model reads.
    var text: PostText {
        PostText(
            text: post.text, tokens: post.tokens, alt: post.alt, knowledge: post.knowledge, picture: features)
    }
}

/// The way of a post through the stages.
///
/// Work that cannot change the answer is not done: where a model tags from text alone, tagging goes first, and the
/// picture is loaded only if something was found that it could show. Where the tagger looks at the picture, the
/// picture goes first.
struct Route: Sendable {
    private let looks: Looks

    /// The way that a model's posts take. Without anything that loads pictures it is that of a model that never looks.
    init(looks: Looks, loadsPictures: Bool) {
        self.looks = loadsPictures ? looks : .never
    }

    /// The first stage of a post.
    func start(_ journey: Journey) -> Stage {
        looks == .beforeTagging && journey.post.image != nil ? .decode : .read
    }

    /// The stage that follows `stage`; `nil` after the last.
    func next(after stage: Stage, _ journey: Journey) -> Stage? {
        switch stage {
        case .read:
            let wantsPicture = journey.post.image != nil && journey.reading?.wantsPicture == true
            return looks == .afterTagging && wantsPicture ? .decode : .ground
        case .decode:
            // A picture that could not be loaded costs its boxes, not the post.
            return journey.patches.isEmpty ? afterPicture : .see
        case .see:
            return afterPicture
        case .ground:
            return nil
        }
    }

    private var afterPicture: Stage { looks == .beforeTagging ? .read : .ground }
}
