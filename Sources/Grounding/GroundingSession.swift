import Geometry
import Images
import Kernels
import Model

/// Answers posts, one after the other, on one thread at a time.
public final class GroundingSession {
    private let model: GroundingModel
    private let worker: GroundingWorker

    init(_ model: GroundingModel, _ worker: GroundingWorker) {
        self.model = model
        self.worker = worker
    }

    /// The entities of a post, in text order, never overlapping.
    ///
    /// The answers are those of `gmner-stream` for the same post. A picture is looked at only where that can change the
    /// answer.
    ///
    /// - Throws: ``GroundingError`` where the model contradicts itself: numbers that make no sense, say.
    public func ground(_ post: Post) throws(GroundingError) -> [Entity] {
        do throws(ShapeError) {
            let looksFirst = model.grounder.looks == .beforeTagging
            var seen = looksFirst ? try see(post.picture) : nil
            let text = PostText(
                text: post.text, alt: post.alternativeText, knowledge: post.knowledge, picture: seen)
            guard let reading = try worker.read([text]).first else { return [] }
            if !looksFirst, reading.wantsPicture { seen = try see(post.picture) }
            return try worker.ground(reading, picture: seen).map { entity($0, of: post) }
        } catch {
            throw GroundingError(code: "internal", message: error.description)
        }
    }

    private func see(_ picture: Picture?) throws(ShapeError) -> PictureFeatures? {
        guard let picture, let size = model.grounder.imageSize, let patch = model.grounder.patchSize else { return nil }
        return try worker.see([ImageToPatches(size: size, patch: patch).matrix(of: picture.image)]).first
    }

    private func entity(_ mention: Mention, of post: Post) -> Entity {
        let scalars = post.text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: mention.scalars.lowerBound)
        let end = scalars.index(start, offsetBy: mention.scalars.count)
        let size = post.picture.map { ImageSize(width: $0.width, height: $0.height) }
        let box = mention.box.flatMap { box in size.map { PixelBox(box, of: $0) } }
        return Entity(
            name: String(scalars[start..<end]), range: start..<end, type: model.types[mention.type],
            score: Double(mention.score), typeProbabilities: mention.posterior.map(Double.init),
            visible: mention.visible.map(Double.init),
            box: box.map { Box(x1: Double($0.x1), y1: Double($0.y1), x2: Double($0.x2), y2: Double($0.y2)) },
            boxScore: mention.boxScore.map(Double.init))
    }
}
