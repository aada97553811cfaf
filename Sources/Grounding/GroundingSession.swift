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
    /// The answers are those of `gmner-stream` for the same post. A picture is opened only where that can change the answer.
    ///
    /// - Throws: ``GroundingError`` for a picture that cannot be read, and where the model contradicts itself: numbers that
    ///   make no sense, say.
    public func ground(_ post: Post) throws(GroundingError) -> [Entity] {
        let looksFirst = model.grounder.looks == .beforeTagging
        var text = PostText(text: post.text, alt: post.alternativeText, knowledge: post.knowledge)
        var seen = looksFirst ? try see(post) : nil
        text.picture = seen?.features
        let reading = try run { () throws(ShapeError) in try worker.read([text])[0] }
        if !looksFirst, reading.wantsPicture { seen = try see(post) }
        let mentions = try run { () throws(ShapeError) in try worker.ground(reading, picture: seen?.features) }
        return mentions.map { entity($0, of: post.text, in: seen?.size) }
    }

    private func see(_ post: Post) throws(GroundingError) -> (features: PictureFeatures, size: ImageSize)? {
        guard let picture = post.picture, let size = model.grounder.imageSize, let patch = model.grounder.patchSize
        else { return nil }
        let loaded = try picture.load(
            ImageToPatches(size: size, patch: patch, pixels: model.grounder.objectImageSize.map(ImageToPixels.init)))
        var features = try run { () throws(ShapeError) in
            try worker.see([PictureInput(patches: loaded.patches, pixels: loaded.pixels)])[0]
        }
        features.regions = post.regions.prefix(Self.mostRegions).compactMap { seen($0, in: loaded.size) }
        return (features, loaded.size)
    }

    /// The most regions that count: as many as `gmner-stream` takes.
    private static let mostRegions = 100

    /// A region in the model's terms; `nil` outside of the picture, and for numbers that are none.
    private func seen(_ region: Region, in size: ImageSize) -> SeenRegion? {
        let edges = [region.box.x1, region.box.y1, region.box.x2, region.box.y2].map(Float.init)
        guard edges.allSatisfy(\.isFinite) else { return nil }
        let box = RelativeBox(PixelBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3]).ordered, of: size)
        guard box.x1 < box.x2, box.y1 < box.y2 else { return nil }
        let score = region.score.map(Float.init).flatMap { (0...1).contains($0) ? $0 : nil }
        return SeenRegion(
            box: box, label: region.label.flatMap { worker.canRead($0) ? $0 : nil }, score: score, text: region.text)
    }

    private func run<Result>(_ work: () throws(ShapeError) -> Result) throws(GroundingError) -> Result {
        do throws(ShapeError) {
            return try work()
        } catch {
            throw GroundingError(code: "internal", message: error.description)
        }
    }

    private func entity(_ mention: Mention, of text: String, in size: ImageSize?) -> Entity {
        let scalars = text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: mention.scalars.lowerBound)
        let end = scalars.index(start, offsetBy: mention.scalars.count)
        let box = mention.box.flatMap { box in size.map { PixelBox(box, of: $0) } }
        return Entity(
            name: String(scalars[start..<end]), range: start..<end, type: model.types[mention.type],
            score: Double(mention.score), typeProbabilities: mention.posterior.map(Double.init),
            visible: mention.shownVisible.map(Double.init),
            box: box.map { Box(x1: Double($0.x1), y1: Double($0.y1), x2: Double($0.x2), y2: Double($0.y2)) },
            boxScore: mention.boxScore.map(Double.init))
    }
}
