package import Model
package import Kernels
package import Text

/// Trains `mqspn`: a set of queries, each of them a mention or none.
package enum MQSPNRecipe: FusionRecipe {
    package typealias Trained = MQSPN
    package static let measured =
        "Twitter-GMNER, development posts: MNER F1 76.6, from a tagger of 80.3; 68.3 after an epoch from a plain encoder"
    package static let command =
        "gmner train mqspn --tagger tagger --patches vit --data twitter-gmner --epochs 8 --set loop.averaging=0.998 "
        + "--set rates.encoder=5e-5 --set variation.nameDropout=0.1 --out model (tagger: a crf-none)"

    /// The fusion has nothing to set: queries look themselves.
    package struct Shape: FusionShape {
        package init() {}
        package var configuration: WordsAlone.Configuration { WordsAlone.Configuration() }
    }

    /// Shape of the head.
    package struct HeadShape: HeadSettings {
        @Setting("Columns of a query.", .between(1, 4096))
        package var width = 128
        @Setting("Attention heads.", .between(1, 4096))
        package var heads = 4
        @Setting("Layers in which queries look.", .between(1, 64))
        package var layers = 2
        @Setting("Queries: no text gets more mentions in one window.", .between(1, 256))
        package var queries = 24

        package init() {}

        package var configuration: QuerySetHead.Configuration? {
            QuerySetHead.Configuration(width: width, heads: heads, layers: layers, queries: queries)
        }
    }

    /// Only the set is learned from.
    package struct Objectives: FusionObjectives {
        package init() {}
        /// Queries are no tags: there are no views to tie.
        package var views: Float { 0 }
    }

    package static func objectives(
        _ weights: Objectives, _ fusion: WordsAlone, _ head: any TagHead
    ) -> [WeightedObjective<FusionForward>] { [] }

    /// Rows of types begin as what the encoder makes of their names in a sentence, where a mask stands for what is of that type.
    package static func begin(
        _ parameters: TrainableParameters, _ network: Network, _ wordPiece: WordPiece
    ) throws(ShapeError) {
        guard let head = network.parts.head as? QuerySetHead else { return }
        var pieces = PieceBatch()
        var masked: [Int32] = []
        for type in head.inventory.spokenNames {
            pieces.append(
                PieceBatch("\(type) is the type of it", wordPiece, limit: network.configuration.text.maximumLength))
            masked.append(Int32(pieces.words.count - 1))
        }
        for piece in masked.flatMap({ pieces.words[Int($0)] }) { pieces.ids[piece] = wordPiece.mask }
        let tape = Tape(parameters)
        let rows = try tape.gather(network.parts.words.states(pieces, on: tape), masked)
        parameters.write(head.types, tape.array(rows).span)
    }
}
