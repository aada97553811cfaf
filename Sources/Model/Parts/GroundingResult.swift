package import Geometry
import Kernels

/// What the heads make of a batch.
package struct GroundingResult<Value> {
    /// Logits of being visible, `entities × 1`.
    package let visible: Value
    /// The same in two terms; `nil` for heads that judge in one.
    package let terms: GateTerms<Value>?
    /// Positions of the entities whose posts have a picture.
    package let pictured: [Int32]
    /// What was drawn for these; `nil` where no post has a picture.
    package let drawing: BoxHead.Drawing<Value>?
    /// What was chosen for these; `nil` where there was nothing to choose from.
    package let choice: CandidateChoice.Choice<Value>?
    /// What each patch of each picture knows of its object's box, `pictures · patches × width`.
    package let extents: Value?
    /// One row a picture, and one for each of their posts' texts, in their common space.
    package let summaries: (pictures: Value, texts: Value)?

    /// What is answered for one entity whose post has a picture.
    package struct Answer {
        /// The box.
        package let box: RelativeBox
        /// Logit of it being right.
        package let trust: Float
        /// Whether there was anything to choose from.
        package let isChosen: Bool
    }

    /// The answers for ``pictured``, one each.
    package func answers<C: Computation>(on computation: C) -> [Answer] where C.Value == Value {
        guard let drawing else { return [] }
        let (boxes, trust) = (drawing.boxes(on: computation), computation.array(drawing.trust))
        guard let choice else {
            return zip(boxes, trust).map { Answer(box: $0, trust: $1, isChosen: false) }
        }
        let scores = computation.array(choice.scores)
        return boxes.indices.map { place in
            guard choice.candidates.counts[place] > 1 else {
                return Answer(box: boxes[place], trust: trust[place], isChosen: false)
            }
            let best = choice.best[place]
            return Answer(box: choice.candidates.all[best].box, trust: scores[best], isChosen: true)
        }
    }
}

/// The gate's logit in two terms, `entities × 1` each.
package struct GateTerms<Value> {
    /// What the text alone says.
    package let prior: Value
    /// What is added by what the post shows; 0 where it shows nothing.
    package let difference: Value
}
