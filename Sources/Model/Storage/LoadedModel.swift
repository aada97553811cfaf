import Kernels
import SystemPackage
import Text

/// A network with the numbers and the vocabulary that reading needs.
struct ReadingModel: Sendable {
    let network: Network
    let values: ParameterValues
    let wordPiece: WordPiece
    let crf: CRF

    var method: Method { network.method }
    var tags: TagSet { network.tags }
    var tagger: Tagger { network.tagger }
    /// Most pieces of a window, special ones not counted.
    var windowPieces: Int { tagger.encoder.configuration.maximumLength - 2 }

    init(_ network: Network, _ values: ParameterValues, _ wordPiece: WordPiece) throws(ModelError) {
        try network.configuration.text.requireRoom(for: wordPiece.vocabulary)
        self.network = network
        self.values = values
        self.wordPiece = wordPiece
        do throws(ShapeError) {
            let moves = try TagMoves(starts: network.tags.allowedStarts, moves: network.tags.allowedMoves)
            crf = try CRF(
                transitions: values.matrix(network.tagger.transitions), start: values.matrix(network.tagger.start),
                end: values.matrix(network.tagger.end), allowed: moves)
        } catch {
            throw ModelError(.invalid, error.description)
        }
    }
}
