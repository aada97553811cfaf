package import Text

/// A published way of doing the task, as a choice of parts: `fusion × head × grounding`.
///
/// A method is one file and one line of ``Methods/all``. A model's `config.json` names its method and holds its settings;
/// what is declared, trained, stored and served follows from the ``MethodParts`` that these two give.
package protocol Method: SendableMetatype {
    /// The method's object in `config.json`, with its defaults.
    associatedtype Settings: MethodSettings
    /// Name on the command line and in `config.json`.
    static var name: String { get }
    /// One line for people.
    static var summary: String { get }
    /// Where the method was published, and how this one differs.
    static var paper: String { get }
    /// Declares what the method consists of, in the order in which it runs.
    static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts
}

/// What a method can be told: one value, strictly decoded; what is not said has its default there alone.
package protocol MethodSettings: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// How words are read.
    var words: WordConfiguration { get set }
    /// Throws where numbers make no sense, or do not fit the encoders.
    func validate(_ shapes: ModelShapes) throws(ModelError)
}

/// Settings of methods that can ground.
package protocol GroundedSettings: MethodSettings {
    /// What decides and draws; `nil`: the method only tags.
    var grounding: EvidenceConfiguration? { get set }
}

/// What a method's parts are declared for.
package struct ModelShapes: Sendable {
    /// The text encoder.
    package let text: TextEncoderConfiguration
    /// The patch encoder; `nil` for models that never see a picture.
    package let picture: PatchEncoderConfiguration?
    /// Tags of the types.
    package let tags: TagSet
    /// Number of types.
    var typeCount: Int { tags.inventory.count }

    /// Shapes by their parts.
    package init(text: TextEncoderConfiguration, picture: PatchEncoderConfiguration?, tags: TagSet) {
        self.text = text
        self.picture = picture
        self.tags = tags
    }
}

/// What a method consists of: declared, without numbers.
package struct MethodParts: Sendable {
    /// Rows of words.
    package let words: WordReader
    /// Lets words know of what is shown before they are tagged.
    package var fusion: (any Fusion)?
    /// Mentions of words.
    package let head: any TagHead
    /// Decides of a mention whether the picture shows it, and where.
    package var grounding: GroundingHeads?

    /// Parts that only read text.
    package init(words: WordReader, head: any TagHead) {
        self.words = words
        self.head = head
    }

    /// When a model of these parts, with or without a patch encoder, looks at a post's picture.
    package func looks(hasPatchEncoder: Bool) -> Looks {
        guard hasPatchEncoder else { return .never }
        return fusion != nil ? .beforeTagging : grounding != nil ? .afterTagging : .never
    }
}
