/// Evidence reader, gate and box head.
package struct EvidenceConfiguration: Codable, Sendable, Equatable {
    /// Columns of query and evidence rows.
    package var width: Int
    /// Attention heads; divides `width`.
    package var heads: Int
    /// Cross-attention layers.
    package var layers: Int
    /// Layers of attention among a picture's own tokens before that; `nil` for none.
    package var pictureLayers: Int?
    /// Units of the gate's term that knows the text alone; `nil`: text and what is shown are judged in one.
    package var prior: Int?
    /// What a second stage chooses from; `nil`: regression has the last word on the box.
    package var candidates: CandidateConfiguration?
    /// How boxes are told from where the match of the gate comes from; `nil`: they are drawn by regression.
    package var heat: HeatMapConfiguration?
    /// Makes a probability of the gate's logit, fitted on dev.
    package var visible: Calibration
    /// The same where the post has alternative text and no picture; `nil`: as without.
    package var described: Calibration?
    /// The same where the post has a picture, which makes the gate surer; `nil`: as without.
    package var pictured: Calibration?
    /// Makes a probability of the box's trust, fitted on dev.
    package var trust: Calibration

    /// A shape, and uncalibrated probabilities.
    package init(
        width: Int = 256, heads: Int = 8, layers: Int = 2, pictureLayers: Int? = nil, prior: Int? = nil,
        candidates: CandidateConfiguration? = nil, heat: HeatMapConfiguration? = nil,
        visible: Calibration = Calibration(), trust: Calibration = Calibration()
    ) {
        self.width = width
        self.heads = heads
        self.layers = layers
        self.pictureLayers = pictureLayers
        self.prior = prior
        self.candidates = candidates
        self.heat = heat
        self.visible = visible
        self.trust = trust
    }

    /// What makes a probability of the gate's logit, by what it got to see, and whether there were candidates to choose from.
    package func gate(isPictured: Bool, isDescribed: Bool, isChosen: Bool = false) -> Calibration {
        if isChosen, let candidates { return candidates.visible }
        return (isPictured ? pictured : isDescribed ? described : nil) ?? visible
    }

    /// What makes a probability of the logit of a box being right.
    package func trust(isChosen: Bool) -> Calibration {
        isChosen ? candidates?.trust ?? trust : trust
    }

    /// Throws where numbers make no sense, or do not fit a patch encoder or a number of types, if these are known.
    func validate(_ picture: PatchEncoderConfiguration? = nil, types: Int? = nil) throws(ModelError) {
        let part = "evidence"
        let width: ModelError.NamedSize = ("width", width, SizeLimits.groundingWidth)
        let heads: ModelError.NamedSize = ("heads", heads, SizeLimits.partHeads)
        try ModelError.require(
            part,
            [
                width, heads, ("layers", layers, SizeLimits.groundingLayers),
                ("pictureLayers", pictureLayers ?? 0, SizeLimits.pictureLayers),
                ("prior", prior ?? 1, SizeLimits.priorUnits),
            ])
        try ModelError.requireEven(part, width: width, heads: heads)
        if let grid = picture?.grid {
            try ModelError.require(part, [("width times patches", width.value * grid * grid, SizeLimits.madeTable)])
        }
        try candidates?.validate(types: types)
        try heat?.validate(layers: layers)
        guard heat == nil || candidates == nil else {
            throw ModelError(.invalid, "evidence: candidates are for boxes that are drawn, not for those of a heat map")
        }
        for calibration in [visible, trust, pictured ?? visible, described ?? visible] {
            try calibration.validate(types: types)
        }
    }
}
