import Model
import Wire
import Geometry

extension Triple {
    /// What the model found, in the units of the output: pixels of the stored picture, and the post's own tokens.
    init(_ found: GroundedEntity, of post: Post, in image: ImageSize?) {
        self.init(
            type: found.entity.type, scalars: found.entity.scalars, of: post, score: found.entity.score,
            visible: found.visible,
            box: found.box.flatMap { box in
                image.map { PixelBox(box, of: $0) }
            },
            explanation: found.explanation.map { Evidence(alt: $0.alt, picture: $0.picture, heat: $0.heat) })
    }
}
