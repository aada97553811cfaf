package import Text

/// The networks that a configuration asks for, declared: what there is to learn and how to run it, without numbers.
package struct Network: Sendable {
    /// What the networks were declared for.
    package let configuration: ModelConfiguration
    /// The recipe.
    package let method: Method
    /// Tags of the types.
    package let tags: TagSet
    /// Parameters of everything that reads text or decides.
    package let reading: ParameterLayout
    /// Parameters of the patch encoder; empty where the method does not ground.
    package let seeing: ParameterLayout
    /// The tagger, with its text encoder.
    package let tagger: Tagger
    /// Evidence reader and heads, where the method grounds.
    package let heads: GroundingHeads?
    /// The patch encoder, where the method grounds.
    package let patchEncoder: PatchEncoder?

    /// Checks a configuration and declares what it asks for.
    package init(_ configuration: ModelConfiguration) throws(ModelError) {
        let method = try configuration.validated()
        let tags: TagSet
        do throws(TypeInventoryError) {
            tags = TagSet(try TypeInventory(configuration.types))
        } catch {
            throw ModelError(.invalid, "types: \(error)")
        }
        var reading = ParameterLayout()
        var seeing = ParameterLayout()
        tagger = Tagger(configuration.tagger, encoder: configuration.text, tags: tags.count, in: &reading)
        if method.grounds, let picture = configuration.picture, let evidence = configuration.evidence {
            patchEncoder = seeing.at("picture") { PatchEncoder(picture, in: &$0) }
            heads = GroundingHeads(
                evidence, textWidth: configuration.text.width, picture: picture, typeCount: tags.inventory.count,
                in: &reading)
        } else {
            patchEncoder = nil
            heads = nil
        }
        self.configuration = configuration
        self.method = method
        self.tags = tags
        self.reading = reading
        self.seeing = seeing
    }
}
