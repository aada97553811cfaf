/// A method in which words know of what is shown before they are tagged: word reader, fusion, head, and what grounds.
package protocol FusionMethod: Method where Settings == FusedSettings<Part, Head> {
    /// The fusion.
    associatedtype Part: FusionPart
    /// What finds mentions in fused words.
    associatedtype Head: HeadPart = CRFHead
}

extension FusionMethod {
    package static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        let words = WordReader(settings.words, encoder: shapes.text, in: &layout)
        var parts = MethodParts(
            words: words, head: Head(settings.head ?? Head.Configuration(), shapes, in: &layout))
        parts.fusion = Part(settings.fusion, shapes, in: &layout)
        parts.grounding = GroundingHeads(settings.grounding, shapes, in: &layout)
        return parts
    }
}

/// How words are read, fused and tagged; with `grounding`, mentions look once more to be grounded.
package struct FusedSettings<Part: FusionPart, Head: HeadPart>: GroundedSettings {
    package var words: WordConfiguration
    package var fusion: Part.Configuration
    package var grounding: EvidenceConfiguration?
    /// The head's shape; `nil`: its defaults.
    package var head: Head.Configuration?

    package init() {
        words = WordConfiguration()
        fusion = Part.Configuration()
    }

    package func validate(_ shapes: ModelShapes) throws(ModelError) {
        try words.validate(shapes.text)
        try fusion.validate(shapes)
        try head?.validate()
        guard let grounding else { return }
        guard shapes.picture != nil else {
            throw ModelError(.invalid, "'settings.grounding' needs 'picture' in config.json")
        }
        try grounding.validate(shapes.picture, types: shapes.typeCount)
    }
}
