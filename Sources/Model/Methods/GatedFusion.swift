/// The smallest fusion: each word looks at patches and alternative text before it is tagged, and a gate decides how much
/// of what it finds is added.
package enum GatedFusion: Method {
    package static let name = "gated-fusion"
    package static let summary = "words attend to patches and alternative text, gated; then CRF"
    package static let paper = "the visual gate of UMT (Yu et al. 2020) without its transformers"

    /// How words are read and fused; with `grounding`, mentions look once more to be grounded.
    package struct Settings: GroundedSettings {
        package var words: WordConfiguration
        package var fusion: GatedSum.Configuration
        package var grounding: EvidenceConfiguration?

        package init() {
            words = WordConfiguration()
            fusion = GatedSum.Configuration()
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try words.validate(shapes.text)
            try fusion.validate()
            guard let grounding else { return }
            guard shapes.picture != nil else {
                throw ModelError(.invalid, "'settings.grounding' needs 'picture' in config.json")
            }
            try grounding.validate(shapes.picture)
        }
    }

    package static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        var parts = try CRFNone.parts(CRFNone.Settings(settings.words), shapes, in: &layout)
        parts.fusion = GatedSum(
            settings.fusion, textWidth: shapes.text.width, pictureWidth: shapes.picture?.width, in: &layout)
        parts.grounding = GroundingHeads(settings.grounding, shapes, in: &layout)
        return parts
    }
}
