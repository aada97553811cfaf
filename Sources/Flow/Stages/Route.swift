import Model
import Wire

/// The way of a post through the stages.
///
/// Work that cannot change the answer is not done: where a model tags from text alone, tagging goes first, and the
/// picture is loaded only if something was found that it could show. Where the tagger looks at the picture, the
/// picture goes first. Of several pictures each takes the way from decode to ground by itself. Who is asked, is asked at the end;
/// what is known of a text, and what its pictures show, comes before it is read.
struct Route: Sendable {
    private let looks: Looks
    private let consults: Bool
    private let asksKnowledge: Bool
    private let asksCaptions: Bool

    /// The way that a model's posts take. Without anything that loads pictures it is that of a model that never looks.
    init(
        looks: Looks, consults: Bool, asksKnowledge: Bool = false, asksCaptions: Bool = false, loadsPictures: Bool
    ) {
        self.looks = loadsPictures ? looks : .never
        self.consults = consults
        self.asksKnowledge = asksKnowledge
        self.asksCaptions = asksCaptions
    }

    /// The first stage of a post.
    func start(_ journey: Journey) -> Stage {
        let post = journey.post
        let isAsked =
            asksKnowledge && post.knowledge == nil || asksCaptions && post.images.indices.contains(where: post.lacksAlt)
        return isAsked ? .consult : firstLook(journey)
    }

    private func firstLook(_ journey: Journey) -> Stage {
        looks == .beforeTagging && journey.nextPicture != nil ? .decode : .read
    }

    /// The stage that follows `stage`. Formatting is the last.
    func next(after stage: Stage, _ journey: Journey) -> Stage {
        switch stage {
        case .read:
            return looks == .afterTagging && wantsPicture(journey) ? .decode : .ground
        case .decode:
            if journey.found.picture != nil { return .see }
            // A picture that could not be loaded costs its boxes, not the post.
            if journey.nextPicture != nil { return .decode }
            return journey.found.mentions == nil ? afterPicture(journey) : afterGrounding
        case .see:
            return afterPicture(journey)
        case .ground:
            return looks != .never && wantsPicture(journey) ? .decode : afterGrounding
        case .consult:
            return journey.found.mentions == nil ? firstLook(journey) : .format
        case .format:
            return .format
        }
    }

    /// Whether there is a picture left that could change the answer.
    private func wantsPicture(_ journey: Journey) -> Bool {
        journey.nextPicture != nil && journey.found.reading?.wantsPicture == true
    }

    private func afterPicture(_ journey: Journey) -> Stage {
        looks == .beforeTagging && journey.found.reading == nil ? .read : .ground
    }

    private var afterGrounding: Stage { consults ? .consult : .format }
}
