import Model
import Wire

/// The way of a post through the stages.
///
/// Work that cannot change the answer is not done: where a model tags from text alone, tagging goes first, and the
/// picture is loaded only if something was found that it could show. Where the tagger looks at the picture, the
/// picture goes first. Nobody is asked for a model that asks nobody.
struct Route: Sendable {
    private let looks: Looks
    private let consults: Bool

    /// The way that a model's posts take. Without anything that loads pictures it is that of a model that never looks.
    init(looks: Looks, consults: Bool, loadsPictures: Bool) {
        self.looks = loadsPictures ? looks : .never
        self.consults = consults
    }

    /// The first stage of a post.
    func start(_ journey: Journey) -> Stage {
        looks == .beforeTagging && journey.post.image != nil ? .decode : .read
    }

    /// The stage that follows `stage`. Formatting is the last.
    func next(after stage: Stage, _ journey: Journey) -> Stage {
        switch stage {
        case .read:
            let wantsPicture = journey.post.image != nil && journey.found.reading?.wantsPicture == true
            return looks == .afterTagging && wantsPicture ? .decode : .ground
        case .decode:
            // A picture that could not be loaded costs its boxes, not the post.
            return journey.found.patches.isEmpty ? afterPicture : .see
        case .see:
            return afterPicture
        case .ground:
            return consults ? .consult : .format
        case .consult, .format:
            return .format
        }
    }

    private var afterPicture: Stage { looks == .beforeTagging ? .read : .ground }
}
