/// A method in which words know of what is shown before they are tagged: word reader, fusion, head, and what grounds.
package protocol FusionMethod: Method where Settings == FusedSettings<Part> {
    /// The fusion.
    associatedtype Part: FusionPart
    /// Declares what finds mentions in fused words.
    static func head(
        _ fusion: Part.Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) -> any TagHead
}

extension FusionMethod {
    /// A CRF over rows as wide as the text encoder's.
    package static func head(
        _ fusion: Part.Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) -> any TagHead {
        CRFHead(shapes.tags, width: shapes.text.width, in: &layout)
    }

    package static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        let words = WordReader(settings.words, encoder: shapes.text, in: &layout)
        var parts = MethodParts(words: words, head: head(settings.fusion, shapes, in: &layout))
        parts.fusion = Part(settings.fusion, shapes, in: &layout)
        parts.grounding = GroundingHeads(settings.grounding, shapes, in: &layout)
        return parts
    }
}

/// How words are read and fused; with `grounding`, mentions look once more to be grounded.
package struct FusedSettings<Part: FusionPart>: GroundedSettings {
    package var words: WordConfiguration
    package var fusion: Part.Configuration
    package var grounding: EvidenceConfiguration?

    package init() {
        words = WordConfiguration()
        fusion = Part.Configuration()
    }

    package func validate(_ shapes: ModelShapes) throws(ModelError) {
        try words.validate(shapes.text)
        try fusion.validate(shapes)
        guard let grounding else { return }
        guard shapes.picture != nil else {
            throw ModelError(.invalid, "'settings.grounding' needs 'picture' in config.json")
        }
        try grounding.validate(shapes.picture)
    }
}
