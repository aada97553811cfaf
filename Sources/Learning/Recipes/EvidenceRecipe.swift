/// Trains `evidence`: evidence reader, visibility gate and box head, on top of a tagger that stays as it is.
package enum EvidenceRecipe: Recipe {
    package static let name = "evidence"
    package static let summary = "evidence reader, visibility gate and box head on top of a tagger"
    package static let paper = "the order of RiVEG (Li et al. 2024) in one small model"
    package static let measured =
        "the default model, tweets with pictures: gate 79.0 % right (AUC 84.7), GMNER F1 +8.8 over never a box"
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
        let unused = EvidenceSettings()
        guard settings.boxes.draws == .choice || settings.boxes == unused.boxes else {
            throw TrainingError(
                .settings, "boxes.anchors, .peaks, .units, .regions and .presence are for boxes.draws=choice")
        }
        guard settings.boxes.draws == .choice || settings.objectives.choice == unused.objectives.choice else {
            throw TrainingError(.settings, "objectives.choice is for boxes.draws=choice")
        }
    }
}
