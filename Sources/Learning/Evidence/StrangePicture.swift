import Model
import Kernels
import Randomness

/// A picture that has nothing to do with the post: before it, the text's word should stand, and no box be drawn.
enum StrangePicture: CaseIterable, Sendable {
    /// That of another post.
    case ofAnotherPost
    /// One colour.
    case ofOneColour
    /// Each pixel by chance.
    case ofNoise

    /// What reports call it.
    var title: String {
        switch self {
        case .ofAnotherPost: "picture of another post"
        case .ofOneColour: "picture of one colour"
        case .ofNoise: "picture of noise"
        }
    }

    /// What the patch encoder sees in noise; `nil` for a model without one.
    static func noise(_ grounder: Grounder) throws -> PictureFeatures? {
        guard let picture = grounder.configuration.picture else { return nil }
        var random = SeededGenerator(seed: 1, stream: 0)
        // As wide as pixels of 0…1 are once they are normalised.
        let pixels = (0..<picture.grid * picture.grid * picture.patchColumns).map { _ in 4 * random.uniform() - 2 }
        let side = grounder.objectImageSize ?? 0
        let forObjects = (0..<3 * side * side).map { _ in 2 * random.uniform() - 1 }
        return try grounder.makeWorker().see([PictureInput(patches: pixels, pixels: forObjects)]).first
    }
}

extension GroundingReport {
    /// How far pictures that have nothing to do with the post move answers away from the text's, beside their own pictures;
    /// and the share of entities that get a box there.
    mutating func addStrangePictures(_ posts: [PicturedAnswers.Post]) {
        for picture in StrangePicture.allCases {
            let shown = posts.flatMap { post in
                zip(post.strange[picture] ?? [], zip(post.found.shown, post.found.alone)).map { strange, known in
                    (strange: strange, own: known.0, alone: known.1)
                }
            }
            let count = Double(max(1, shown.count))
            func away(_ mention: Mention, _ alone: Mention) -> Double {
                Double(abs((mention.visible ?? 0) - (alone.visible ?? 0)))
            }
            add(
                "found: \(picture.title)", shown.count,
                Share("away from the text", shown.reduce(0) { $0 + away($1.strange, $1.alone) } / count),
                Share("before its own", shown.reduce(0) { $0 + away($1.own, $1.alone) } / count),
                Share("boxed", Double(shown.count { $0.strange.box != nil }) / count),
                Share("boxed before its own", Double(shown.count { $0.own.box != nil }) / count))
        }
    }
}
