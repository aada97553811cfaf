/// Tag from text, then let each mention look for evidence in picture and alternative text: a gate decides whether it is
/// visible, a regression head where.
package enum EvidenceMethod: Method {
    package static let name = "evidence"
    package static let summary = "CRF, then evidence reader, visibility gate and box regression"
    package static let paper = "the order of RiVEG (Li et al. 2024) in one small model"

    /// How words are read, and how mentions look.
    package struct Settings: GroundedSettings {
        package var words: WordConfiguration
        package var grounding: EvidenceConfiguration?

        package init() { self.init(WordConfiguration(), EvidenceConfiguration()) }

        /// Words that are read, and mentions that look, in this way.
        package init(_ words: WordConfiguration, _ grounding: EvidenceConfiguration) {
            self.words = words
            self.grounding = grounding
        }

        package func validate(_ shapes: ModelShapes) throws(ModelError) {
            try words.validate(shapes.text)
            guard let grounding, shapes.picture != nil else {
                throw ModelError(.invalid, "method 'evidence' needs 'picture' and 'settings.grounding' in config.json")
            }
            try grounding.validate(shapes.picture, types: shapes.typeCount)
        }
    }

    package static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        var parts = try CRFNone.parts(CRFNone.Settings(settings.words), shapes, in: &layout)
        parts.grounding = GroundingHeads(settings.grounding, shapes, in: &layout)
        return parts
    }
}
