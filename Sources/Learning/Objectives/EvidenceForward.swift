import Geometry
import Model

/// What evidence reader, gate and box head make of a batch, and what is there to be seen.
package struct EvidenceForward: GatingForward {
    let result: GroundingResult<Tape.Value>
    /// The entities, as they are in what is shown.
    let entities: [EvidencePost.Entity]
    /// What is drawn; `nil` where no picture is shown.
    let drawn: Drawn?
    /// Positions of the posts, and what of each is shown.
    let examples: [Int]
    let shown: [EvidenceSet.Shown]

    /// Entities whose posts show a picture, row by row.
    struct Drawn {
        let drawing: BoxHead.Drawing<Tape.Value>
        /// What each patch proposes.
        let extents: Tape.Value
        let entities: [EvidencePost.Entity]
        /// Of an entity's right boxes, the one that is nearest to what is drawn already; `nil` where none is known.
        let nearest: [RelativeBox?]
        /// How far the two overlap; 0 where none is known.
        let overlaps: [Float]
    }

    /// Pairs a result with what is right.
    init(
        _ result: GroundingResult<Tape.Value>, _ entities: [EvidencePost.Entity], _ examples: [Int],
        _ shown: [EvidenceSet.Shown], on tape: Tape
    ) {
        self.result = result
        self.entities = entities
        self.examples = examples
        self.shown = shown
        guard let drawing = result.drawing, let extents = result.extents else {
            drawn = nil
            return
        }
        let chosen = result.pictured.map { entities[Int($0)] }
        let logits = tape.array(drawing.boxes)
        let said = chosen.indices.map { BoxHead.box(logits.span.extracting(4 * $0..<4 * $0 + 4)) }
        let nearest = zip(chosen, said).map { entity, said in
            entity.boxes.max { $0.overlap(said) < $1.overlap(said) }
        }
        drawn = Drawn(
            drawing: drawing, extents: extents, entities: chosen, nearest: nearest,
            overlaps: zip(nearest, said).map { $0?.overlap($1) ?? 0 })
    }

    /// What the gate decided about.
    package var gating: Gating? { Gating(logits: result.visible, isVisible: entities.map(\.isVisible)) }
}

extension RelativeBox {
    /// A box for rows that do not count.
    static let anywhere = RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)
}
