import Geometry
import Model

/// What evidence reader, gate and box head make of a batch, and what is there to be seen.
package struct EvidenceForward: GatingForward {
    let result: GroundingResult<Tape.Value>
    /// What is there to be seen.
    let scene: Scene
    /// Logits of nets that know the texts alone; empty where the gate is one term.
    let textLogits: [Tape.Value]
    /// What the gate decided about.
    package let gating: Gating?
    /// What is drawn; `nil` where no picture is shown.
    let drawn: Drawn?
    /// Scores of all candidates, and below them the entities' logits of being nowhere, as the model had them that the run started
    /// from; `nil` where nobody asks.
    var reference: [Float]?
    /// What the model that the run started from says of the entities that are ``drawn``; `nil` where nobody asks.
    var start: OffsetStart?

    /// Entities whose posts show a picture, row by row.
    struct Drawn {
        let drawing: BoxHead.Drawing<Tape.Value>
        /// What is chosen; `nil` where there was nothing to choose from.
        let choice: CandidateChoice.Choice<Tape.Value>?
        /// What each patch proposes.
        let extents: Tape.Value
        let entities: [EvidencePost.Entity]
        /// Of an entity's right boxes, the one that is nearest to what is drawn already; `nil` where none is known.
        let nearest: [RelativeBox?]
        /// How far the two overlap; 0 where none is known.
        let overlaps: [Float]
        /// Whether the picture shows nothing of the post.
        let showsNothing: [Bool]
        /// How likely each entity can be seen as far as the text tells, where the picture has nothing to do with the post.
        let saidByText: [Float?]
    }

    /// What of each post is shown, and who is to be seen there.
    struct Scene {
        /// Positions of the posts.
        var examples: [Int]
        /// What of each is shown.
        var shown: [EvidenceSet.Shown]
        /// Their entities, as they are in what is shown.
        var entities: [[EvidencePost.Entity]]

        /// What is shown with each entity.
        var shownOfEntity: [EvidenceSet.Shown] {
            zip(shown, entities).flatMap { repeatElement($0, count: $1.count) }
        }

        /// The post of each entity.
        var postOfEntity: [Int] { zip(examples, entities).flatMap { repeatElement($0, count: $1.count) } }

        /// How likely each entity is to be seen, for a gate that adds to what texts say (`offsets`, as logits; `nil` for one
        /// that does not): where what is shown has nothing to do with the post, as likely as that; where nothing is shown
        /// there is nothing to learn.
        func truth(offsets: [Float]?) -> [Float?] {
            let entities = entities.flatMap(\.self)
            guard let offsets else { return entities.map(\.isVisible.truth) }
            return zip(zip(shownOfEntity, entities), offsets).map { (known, offset) -> Float? in
                let (shown, entity) = known
                if shown.picture == nil && shown.alt.isEmpty { return nil }
                return shown.leavesItToText ? logistic(offset) : entity.isVisible.truth
            }
        }
    }

    /// Pairs a result with what is right.
    init(
        _ result: GroundingResult<Tape.Value>, _ scene: Scene, gating: Gating?, textLogits: [Tape.Value], on tape: Tape
    ) {
        self.result = result
        self.scene = scene
        self.textLogits = textLogits
        self.gating = gating
        guard let drawing = result.drawing, let extents = result.extents else {
            drawn = nil
            return
        }
        let (entities, shown) = (scene.entities.flatMap(\.self), scene.shownOfEntity)
        let chosen = result.pictured.map { entities[Int($0)] }
        let logits = tape.array(drawing.boxes)
        let said = chosen.indices.map { BoxHead.box(logits.span.extracting(4 * $0..<4 * $0 + 4)) }
        let nearest = zip(chosen, said).map { entity, said in
            entity.boxes.max { $0.overlap(said) < $1.overlap(said) }
        }
        drawn = Drawn(
            drawing: drawing, choice: result.choice, extents: extents, entities: chosen, nearest: nearest,
            overlaps: zip(nearest, said).map { $0?.overlap($1) ?? 0 },
            showsNothing: result.pictured.map { shown[Int($0)].showsNothing },
            saidByText: result.pictured.map { shown[Int($0)].leavesItToText ? gating?.truth[Int($0)] : nil })
    }
}

extension RelativeBox {
    /// A box for rows that do not count.
    static let anywhere = RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)
}
