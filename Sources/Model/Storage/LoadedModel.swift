import Kernels
import Text

/// A network with the numbers and the vocabulary that reading needs.
struct ReadingModel: Sendable {
    let network: Network
    let values: ParameterValues
    let wordPiece: WordPiece
    /// Makes mentions of what the head scores.
    let decoder: any MentionDecoder
    /// Makes a probability of what the head is sure of; `nil`: it is one.
    let score: Calibration?

    var parts: MethodParts { network.parts }
    var words: WordReader { network.parts.words }
    /// Whether mentions are grounded.
    var grounds: Bool { network.parts.grounding != nil }
    /// Whether they are looked for among what outside tools saw.
    var readsRegions: Bool { network.parts.grounding?.choice?.configuration.regions == true }
    /// Most pieces that the encoder takes at once, special ones not counted.
    var encoderPieces: Int { words.encoder.configuration.maximumLength - 2 }
    /// Most pieces of a window of a longer text: hardly a post that taggers learn from has more. In windows as long as the
    /// encoder takes they overlook one name in six that they find in shorter ones.
    var windowPieces: Int { min(encoderPieces, 62) }

    init(_ network: Network, _ values: ParameterValues, _ wordPiece: WordPiece) throws(ModelError) {
        try network.configuration.text.requireRoom(for: wordPiece.vocabulary)
        self.network = network
        self.values = values
        self.wordPiece = wordPiece
        score = network.configuration.score
        do throws(ShapeError) {
            decoder = try network.parts.head.decoder(values.array)
        } catch {
            throw ModelError(.invalid, error.description)
        }
    }
}
