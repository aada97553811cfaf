package import Model
package import Weights

/// How a run goes, apart from what is learned.
package struct LoopSettings: Codable, Sendable, Equatable {
    @Setting("Decides everything that chance decides: initial values, order of examples, dropout.")
    package var seed: UInt64 = 1
    @Setting("Passes over the training posts.", .between(1, 100_000))
    package var epochs = 5
    @Setting("Posts an update.", .between(1, 65_536))
    package var batch = 16
    @Setting("Parts of a batch that are computed apart; at most this many workers are of use.", .between(1, 256))
    package var shards = 2
    @Setting("Passes that a part is computed in, to save memory.", .between(1, 65_536))
    package var passes = 1
    @Setting("Share of the run in which the rates climb.", .share)
    package var warmup: Float = 0.06
    @Setting("How the rates come down.")
    package var schedule = LearningRateSchedule.Decay.linear
    @Setting("Share of the weights' running average that a step keeps; 0 for the weights themselves.", .belowOne)
    package var averaging: Float = 0
    @Setting("Evaluations an epoch.", .between(1, 10_000))
    package var evaluations = 1
    @Setting("Evaluations without a better score after which the run ends; 0 for never.", .between(0, 1_000_000))
    package var patience = 0

    /// The defaults.
    package init() {}
}

/// AdamW (Loshchilov & Hutter 2019).
package struct OptimizerSettings: Codable, Sendable, Equatable {
    @Setting("Decay of matrices and tables, decoupled from the gradient; vectors never decay.", .notNegative)
    package var weightDecay: Float = 0.01
    @Setting("Largest norm of the whole gradient; 0 for any.", .notNegative)
    package var clip: Float = 1
    @Setting("Decay of the first moment, per step.", .belowOne)
    package var beta1: Float = 0.9
    @Setting("Decay of the second moment, per step.", .belowOne)
    package var beta2: Float = 0.999
    @Setting("Added to the root of the second moment.", .notNegative)
    package var epsilon: Float = 1e-8

    /// The defaults.
    package init() {}
}

/// Learning rates of a tagger: one for its pre-trained encoder, another for what is new on top of it.
package struct TaggerRates: Codable, Sendable, Equatable {
    @Setting("Learning rate of the encoder's top layer.", .notNegative)
    package var encoder: Float = 2e-4
    @Setting("Learning rate of everything that starts from nothing.", .notNegative)
    package var head: Float = 2e-3
    @Setting("Factor on the rate for each encoder layer further down (ULMFiT, Howard & Ruder 2018).", .share)
    package var layerDecay: Float = 1

    /// The defaults.
    package init() {}
}

/// How an encoder becomes a tagger.
package struct WordSettings: Codable, Sendable, Equatable {
    @Setting("Which pieces of a word speak for it.")
    package var pooling = WordConfiguration.Pooling.mean
    @Setting("Whether the encoder's vocabulary tells cases apart.")
    package var cased = false
    @Setting("Most pieces of a post, knowledge included, as far as the encoder takes them.", .between(3, 65_536))
    package var pieces = 256

    /// The defaults.
    package init() {}
}

/// How a model's matrices are kept on disk.
package enum StoreSetting: String, Codable, Sendable, CaseIterable {
    /// As they are.
    case f32
    /// Half precision.
    case f16
    /// Rows of whole numbers with one scale each.
    case int8

    /// The same, as files are written.
    package var storage: SafetensorsWriter.Storage {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .int8: .int8Rows
        }
    }
}
