import Grounding
import Wire

extension Triple {
    /// What the model found, in the units of the output: pixels of the stored picture, and the post's own tokens.
    init(_ found: GroundedEntity, of post: Post, in image: ImageSize?) {
        let scalars = found.entity.scalars
        let tokens = post.tokens(touching: scalars)
        self.init(
            type: found.entity.type, start: scalars.lowerBound, end: scalars.upperBound,
            score: found.entity.score, visible: found.visible,
            box: found.box.flatMap { box in image.map { PixelBox(box, in: $0) } },
            tokenStart: tokens?.lowerBound, tokenEnd: tokens?.upperBound,
            explanation: found.explanation.map { Evidence(alt: $0.alt, picture: $0.picture, heat: $0.heat) })
    }
}

extension PixelBox {
    /// A relative box, scaled to a picture and kept inside it.
    init(_ box: RelativeBox, in image: ImageSize) {
        let (width, height) = (Float(image.width), Float(image.height))
        self.init(
            x1: min(max(0, box.x1 * width), width), y1: min(max(0, box.y1 * height), height),
            x2: min(max(0, box.x2 * width), width), y2: min(max(0, box.y2 * height), height))
    }
}
