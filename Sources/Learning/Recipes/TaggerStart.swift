import Corpora
import Model
import SystemPackage
import Text

/// What a tagger grows out of: an encoder, or a model that tags already.
struct TaggerStart {
    /// A tagger, with nothing that looks.
    let configuration: ModelConfiguration
    let vocabulary: [UInt8]
    let values: ParameterValues
    /// The tagger that these are all numbers of; `nil` where they are those of an encoder.
    let base: ModelConfiguration?

    /// The shape of the origin's own patch encoder.
    var picture: PatchEncoderConfiguration? { base?.picture }

    /// Reads whichever is given.
    ///
    /// - Parameters:
    ///   - types: Of what grows out of an encoder; a tagger keeps its own.
    ///   - isKnown: Whether there is background of posts, which such a tagger reads then.
    static func read(
        _ words: WordSettings, _ inputs: TrainingInputs, types: @autoclosure () throws -> TypeInventory, isKnown: Bool
    ) throws -> TaggerStart {
        switch (inputs[.encoder], inputs[.tagger]) {
        case (let folder?, nil): return try encoder(folder, words, types(), isKnown)
        case (nil, let folder?):
            guard words == WordSettings() else {
                throw TrainingError(.settings, "words: a tagger reads words as it learned to; set them for --encoder")
            }
            return try tagger(ModelDirectory(folder))
        default: throw TrainingError(.settings, "either --encoder or --tagger is needed, and not both")
        }
    }

    /// Reads a tagger.
    static func tagger(_ directory: ModelDirectory) throws -> TaggerStart {
        let given = try directory.configuration()
        var configuration = given.with(CRFNone.self, CRFNone.Settings(given.words))
        // What is learned from there is as sure as it will be.
        configuration.score = nil
        return TaggerStart(
            configuration: configuration, vocabulary: try DataFile.read(directory.vocabulary),
            values: try directory.checkpoint(given).load(Network(given).reading), base: given)
    }

    private static func encoder(
        _ folder: FilePath, _ words: WordSettings, _ types: TypeInventory, _ isKnown: Bool
    ) throws -> TaggerStart {
        let imported = try EncoderImport(folder)
        let text = try imported.text(folder)
        let limit = min(words.pieces, text.maximumLength)
        let reader = WordConfiguration(
            pooling: words.pooling, readingPieces: isKnown ? limit : nil)
        var configuration = ModelConfiguration(
            CRFNone.self, CRFNone.Settings(reader), types: types.names, lowercase: !words.cased, text: text)
        configuration.parents = types.parents.map { $0.map { types.parentNames[$0] } }
        return TaggerStart(
            configuration: configuration, vocabulary: try DataFile.read(folder.appending("vocab.txt")),
            values: try imported.values(), base: nil)
    }

    /// What cuts words into pieces, and the most pieces of a sequence.
    func pieces(atMost pieces: Int) throws -> (wordPiece: WordPiece, limit: Int) {
        let wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: configuration.lowercase)
        try configuration.text.requireRoom(for: wordPiece.vocabulary)
        return (wordPiece, configuration.words.knowledgePieces ?? min(pieces, configuration.text.maximumLength))
    }

    /// Where training starts, and where each parameter of that name is.
    ///
    /// - Parameter isKept: Whether a parameter stays as it is.
    func parameters(
        _ layout: ParameterLayout, seed: UInt64,
        isKept: (ParameterLayout.Entry) -> Bool = { $0.names[0].hasSuffix("word_embeddings.weight") }
    ) throws(TrainingError) -> (TrainableParameters, [[String]: Parameter]) {
        let parameters = TrainableParameters(layout: layout, seed: seed, frozen: isKept)
        let places = layout.byNames
        guard base == nil else {
            // Of a tagger whatever the new one has too: its head may be another.
            parameters.takeOver(values)
            return (parameters, places)
        }
        for entry in values.layout.entries {
            guard let place = places[entry.names.map { "text." + $0 }] else {
                throw TrainingError(.settings, "'\(entry.names[0])' has no place in a tagger")
            }
            parameters.write(place, values.array(entry.parameter).span)
        }
        return (parameters, places)
    }
}
