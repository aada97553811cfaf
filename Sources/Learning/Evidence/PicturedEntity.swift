import Corpora
import Geometry
import Model
import Scoring
import Text

/// An entity of which somebody knows whether its picture shows it, and what was said of it.
struct PicturedEntity: Sendable {
    /// The truth.
    let entity: LabelledEntity
    /// Whether it can be seen.
    let isVisible: Bool
    /// What was said with the picture.
    let shown: Mention
    /// What was said from the text alone.
    let alone: Mention
    /// Whether the box that was drawn hits one of the right ones, by the rule of the papers.
    let isHit: Bool

    /// - Returns: `nil` where nobody knows whether it can be seen.
    init?(_ entity: LabelledEntity, shown: Mention, alone: Mention, in size: ImageSize?) {
        guard let isVisible = entity.isGrounded else { return nil }
        (self.entity, self.isVisible, self.shown, self.alone) = (entity, isVisible, shown, alone)
        let drawn = size.flatMap { size in shown.drawn.map { PixelBox($0, of: size) } }
        isHit = drawn.map { box in (entity.boxes ?? []).contains { $0.isHit(by: box) } } ?? false
    }

    /// The gate's decision with the picture.
    var gateShown: VisibilityScore.Decision {
        VisibilityScore.Decision(probability: shown.visible ?? 0, isRight: isVisible)
    }
    /// The gate's decision from the text alone.
    var gateAlone: VisibilityScore.Decision {
        VisibilityScore.Decision(probability: alone.visible ?? 0, isRight: isVisible)
    }
    /// What somebody or something of its type is.
    var role: TypeRole { TypeRole(of: entity.type) ?? .other }
}

extension PixelBox {
    /// Whether a box that was drawn counts as this one.
    func isHit(by drawn: PixelBox) -> Bool { RegionRule().accepts(intersectionOverUnion(drawn)) }
}

extension PicturedAnswers.Post {
    /// The entities that are there, all of them.
    var knownEntities: [PicturedEntity] {
        truth.entities.indices.compactMap { index in
            PicturedEntity(
                truth.entities[index], shown: known.shown[index], alone: known.alone[index], in: truth.picture)
        }
    }

    /// Those of them that the tagger finds: start and end are equal, types may differ.
    var foundEntities: [PicturedEntity] {
        let place = Dictionary(
            found.shown.indices.map { (found.shown[$0].scalars, $0) }, uniquingKeysWith: { first, _ in first })
        return truth.entities.compactMap { entity in
            place[entity.scalars].flatMap { index in
                PicturedEntity(entity, shown: found.shown[index], alone: found.alone[index], in: truth.picture)
            }
        }
    }
}
