package import Geometry
package import Kernels

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
    /// What each layer of the evidence reader did.
    let steps: [EvidenceReader.Step<Value>]
    /// What tells where these are, and the pass that it looks back on, where nothing is drawn.
    var located: (by: GradCAM, pass: GradCAM.Pass<Value>)?
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
        /// The heat of each patch, the hottest 1, where the box was told from that.
        let heat: [Float]?

        init(_ box: RelativeBox, trust: Float, isChosen: Bool = false, heat: [Float]? = nil) {
            self.box = box
            self.trust = trust
            self.isChosen = isChosen
            self.heat = heat
        }
    }

    /// The answers for ``pictured``, one each; `nil` where nothing tells where it is.
    package func answers<C: Computation>(on computation: C) throws(ShapeError) -> [Answer?] where C.Value == Value {
        if let located { return try answers(by: located.by, located.pass, on: computation) }
        guard let drawing else { return [] }
        let (boxes, trust) = (drawing.boxes(on: computation), computation.array(drawing.trust))
        guard let choice else {
            return zip(boxes, trust).map { Answer($0, trust: $1) }
        }
        let scores = computation.array(choice.scores)
        return boxes.indices.map { place in
            guard choice.candidates.counts[place] > 1 else {
                return Answer(boxes[place], trust: trust[place])
            }
            let best = choice.best[place]
            return Answer(choice.candidates.all[best].box, trust: scores[best], isChosen: true)
        }
    }

    private func answers<C: Computation>(
        by locator: GradCAM, _ pass: GradCAM.Pass<Value>, on computation: C
    ) throws(ShapeError) -> [Answer?] where C.Value == Value {
        try locator.maps(pass, on: computation).map { map in
            let top = map.reduce(0, max)
            return locator.locate(map).map { Answer($0.box, trust: $0.trust, heat: map.map { $0 / top }) }
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
