package import Text

/// The networks that a configuration asks for, declared: what there is to learn and how to run it, without numbers.
package struct Network: Sendable {
    /// What the networks were declared for.
    package let configuration: ModelConfiguration
    /// Tags of the types.
    package let tags: TagSet
    /// Parameters of everything that reads text or decides.
    package let reading: ParameterLayout
    /// Parameters of the patch encoder and of the detector of objects; empty where the method never looks.
    package let seeing: ParameterLayout
    /// What the method consists of.
    package let parts: MethodParts
    /// The patch encoder, where the method looks at pictures.
    package let patchEncoder: PatchEncoder?
    /// What finds objects in pictures, where the model has it and makes use of it.
    package let objectDetector: ObjectDetector?
    /// When the method looks at a post's picture.
    package let looks: Looks

    /// What decides and draws, where the method grounds.
    package var heads: GroundingHeads? { parts.grounding }

    /// Checks a configuration and declares what it asks for.
    package init(_ configuration: ModelConfiguration) throws(ModelError) {
        let shapes = try configuration.validate()
        var reading = ParameterLayout()
        var seeing = ParameterLayout()
        seeing.file = "picture.safetensors"
        parts = try Self.declare(configuration.method, configuration.settings, shapes, in: &reading)
        looks = parts.looks(hasPatchEncoder: shapes.picture != nil)
        patchEncoder =
            if looks != .never, let picture = shapes.picture {
                seeing.at("picture") { PatchEncoder(picture, in: &$0) }
            } else { nil }
        let seesRegions = patchEncoder != nil && parts.grounding?.choice?.configuration.regions == true
        seeing.file = ObjectDetector.file
        objectDetector = configuration.objects.flatMap { objects in
            seesRegions ? seeing.at("objects") { ObjectDetector(objects, in: &$0) } : nil
        }
        var configuration = configuration
        // One that nobody asks is no part of the model.
        configuration.objects = objectDetector?.configuration
        self.configuration = configuration
        tags = shapes.tags
        self.reading = reading
        self.seeing = seeing
    }

    private static func declare<M: Method>(
        _ method: M.Type, _ settings: any MethodSettings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        guard let settings = settings as? M.Settings else {
            throw ModelError(.invalid, "settings of another method than '\(M.name)'")
        }
        return try M.parts(settings, shapes, in: &layout)
    }
}
