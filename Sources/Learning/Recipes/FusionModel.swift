import JSON
import Model
import SystemPackage
import Text
import Weights

/// A tagger that looks, while it is being trained.
struct FusionModel: Sendable {
    /// What is learned.
    let learned: Network
    /// What is written: the same, and what grounds.
    private let written: Network
    private let vocabulary: [UInt8]
    /// The patch encoder; `nil` for a model that only reads.
    private let patches: FrozenSight?
    /// All numbers of the tagger that training starts from; `nil` where it starts from an encoder.
    private let given: ParameterValues?
    /// Whether the tagger's heads go on grounding.
    private let keepsHeads: Bool

    init<M: FusionMethod>(
        _ method: M.Type, _ start: TaggerStart, _ shape: (fusion: M.Part.Configuration, head: M.Head.Configuration?),
        _ grounding: GroundingSetting, _ inputs: TrainingInputs
    ) throws {
        vocabulary = start.vocabulary
        let hasPatches = inputs[.patches] != nil || start.picture != nil
        guard hasPatches || (inputs[.images] == nil && inputs[.pictured] == nil) else {
            throw TrainingError(.settings, "--patches is missing: there is no patch encoder to see the pictures with")
        }
        patches = hasPatches ? try FrozenSight(patches: inputs[.patches], or: inputs[.tagger]) : nil
        var settings = M.Settings()
        settings.words = start.configuration.words
        settings.fusion = shape.fusion
        settings.head = shape.head
        learned = try Network(start.configuration.with(M.self, settings, picture: patches?.configuration))
        given = start.base == nil ? nil : start.values
        guard grounding == .evidence else {
            (keepsHeads, written) = (false, learned)
            return
        }
        guard let base = start.base, let folder = inputs[.tagger] else {
            throw TrainingError(.settings, "grounding=evidence keeps the heads of a --tagger, and none is given")
        }
        guard let shape = base.grounding, inputs[.patches] == nil else {
            let reason = base.grounding == nil ? "has no heads to keep" : "looks through its own patches, not --patches"
            throw TrainingError(.settings, "grounding=evidence: \(folder) \(reason)")
        }
        settings.grounding = shape
        keepsHeads = true
        written = try Network(start.configuration.with(M.self, settings, picture: base.picture))
    }

    /// Whether a parameter stays as it is: the table of pieces, and where heads go on grounding all that they read.
    func isKept(_ entry: ParameterLayout.Entry) -> Bool {
        let name = entry.names[0]
        guard keepsHeads else { return name.hasSuffix("word_embeddings.weight") }
        return ["text.", "tagger.shapes", "tagger.matches"].contains { name.hasPrefix($0) }
    }

    /// Writes the model.
    func write(
        _ writer: ModelWriter, _ parameters: TrainableParameters, origin: JSONValue
    ) throws(TrainingError) {
        var configuration = written.configuration
        configuration.training = origin
        let reading = ModelWriter.Part.files(of: written.reading, learned: parameters, rest: given)
        try writer.publish(configuration, vocabulary: vocabulary, reading + (patches?.files(of: written) ?? []))
    }

    /// What the patch encoder makes of the posts' pictures; `nil` where there are none.
    func rows(
        of posts: FusionPosts, _ data: EvidenceData, _ storage: SafetensorsWriter.Storage, at place: RunPlace
    ) throws -> PatchCache? {
        guard data.images != nil || data.pictured != nil else { return nil }
        return try patches?.rows(of: [posts.read.train, posts.read.dev], data, storage, at: place)
    }
}

/// Posts of both halves, and how they become examples.
struct FusionPosts {
    let read: (train: EvidenceData.Posts, dev: EvidenceData.Posts)
    let wordPiece: WordPiece
    private let tags: TagSet
    private let limit: Int
    private let knows: Bool

    init(_ data: EvidenceData, _ start: TaggerStart, _ tags: TagSet, pieces: Int) throws {
        read = (
            try data.read(.train, types: tags.inventory, keepsEmpty: true),
            try data.read(.dev, types: tags.inventory, keepsEmpty: true)
        )
        self.tags = tags
        (wordPiece, limit) = try start.pieces(atMost: pieces)
        knows = start.configuration.words.knowledgePieces != nil
    }

    /// Posts of a data set, and those with pictures.
    func examples(_ posts: EvidenceData.Posts) -> [FusionExample] {
        (posts.real + posts.pictured).map { post in
            var post = post
            if !knows { post.knowledge = nil }
            return FusionExample(
                post: GatedTaggerExample(post, tags: tags, wordPiece: wordPiece, limit: limit), image: post.image)
        }
    }
}
