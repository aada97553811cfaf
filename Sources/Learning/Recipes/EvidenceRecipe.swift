import Model
/// Trains `evidence`: evidence reader, visibility gate and box head, on top of a tagger that stays as it is.
package enum EvidenceRecipe: Recipe {
    package static let name = "evidence"
    package static let summary = "evidence reader, visibility gate and box head on top of a tagger"
    package static let paper = "the order of RiVEG (Li et al. 2024) in one small model"
    package static let measured =
        "the default model, tweets with pictures: gate 79.8 % right (AUC 85.2), GMNER F1 +9.2 over never a box"
    package static let command = "examples/train-default/train.sh data work"
    package static let inputs: [TrainingInput: Bool] = [
        .data: false, .tagger: true, .patches: false, .images: false, .pictured: false, .photographs: false,
        .names: false, .knowledge: false, .patchCache: false,
    ]

    package static func prepare(
        _ settings: EvidenceSettings, _ inputs: TrainingInputs, at place: RunPlace
    ) throws -> TrainingRun {
        try requireUse(of: settings, inputs)
        return try EvidenceRun(settings: settings).prepare(Self.self, settings, inputs, at: place)
    }

    /// Refuses what would make no difference.
    private static func requireUse(of settings: EvidenceSettings, _ inputs: TrainingInputs) throws {
        guard [TrainingInput.data, .pictured, .photographs].contains(where: { inputs[$0] != nil }) else {
            throw TrainingError(.settings, "evidence needs --data, --pictured or --photographs")
        }
        guard inputs[.photographs] == nil || inputs[.data] != nil || inputs[.names] != nil else {
            throw TrainingError(.settings, "--photographs needs --names, or --data to draw names from")
        }
        guard inputs[.images] == nil || inputs[.data] != nil else {
            throw TrainingError(.settings, "--images are pictures of the posts of --data")
        }
        guard inputs[.pictured] != nil || settings.pictured == EvidenceSettings.Pictured() else {
            throw TrainingError(.settings, "pictured: there are none without --pictured")
        }
        if inputs[.photographs] == nil {
            for input in [TrainingInput.names, .patchCache] where inputs[input] != nil {
                throw TrainingError(.settings, "--\(input.rawValue) is for --photographs, which are not given")
            }
            guard settings.photographs == EvidenceSettings.Photographs() else {
                throw TrainingError(.settings, "photographs: there are none without --photographs")
            }
        }
        try requireUse(ofBoxes: settings)
    }

    /// Refuses a weight of what no candidate stands for.
    static func requireUse(ofChoice weight: Float, presence: CandidatePresence) throws(TrainingError) {
        guard presence == .nowhere || weight == EvidenceSettings().objectives.choice else {
            throw TrainingError(.settings, "objectives.choice is for presence=nowhere")
        }
    }

    /// Refuses what makes no difference to boxes that come about in this way.
    private static func requireUse(ofBoxes settings: EvidenceSettings) throws(TrainingError) {
        let unused = EvidenceSettings()
        var (boxes, objectives) = (settings.boxes, settings.objectives)
        (boxes.layer, boxes.threshold, boxes.merging) = (
            unused.boxes.layer, unused.boxes.threshold, unused.boxes.merging
        )
        guard settings.boxes.draws == .heat || boxes == settings.boxes else {
            throw TrainingError(.settings, "boxes.layer, .threshold and .merging are for boxes.draws=heat")
        }
        if boxes.draws != .choice {
            boxes.draws = unused.boxes.draws
            guard boxes == unused.boxes else {
                throw TrainingError(
                    .settings, "boxes.anchors, .peaks, .units, .regions and .presence are for boxes.draws=choice")
            }
            guard objectives.hits == unused.objectives.hits else {
                throw TrainingError(.settings, "objectives.hits is for boxes.draws=choice")
            }
        }
        try requireUse(ofChoice: objectives.choice, presence: boxes.presence)
        guard settings.boxes.draws == .heat else { return }
        guard settings.boxes.layer <= settings.reader.layers else {
            throw TrainingError(
                .settings, "boxes.layer is \(settings.boxes.layer), and reader.layers \(settings.reader.layers)")
        }
        objectives.contrast = unused.objectives.contrast
        guard objectives == unused.objectives else {
            throw TrainingError(
                .settings,
                "objectives.mask, .box, .proposals and .trust learn from boxes, and boxes.draws=heat from none")
        }
    }
}
