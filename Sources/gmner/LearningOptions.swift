import ArgumentParser
import Model
package import Learning

/// How a model learns: the numbers that a run's outcome depends on, and how many workers it may use.
struct LearningOptions: ParsableArguments {
    @Option(help: "Decides everything that chance decides.")
    var seed: UInt64 = 1

    @Option(help: "Passes over the training posts.")
    var epochs = 5

    @Option(help: "Posts an update.")
    var batch = 16

    @Option(help: "Learning rate of the encoder.")
    var rate: Float = 2e-4

    @Option(help: "Learning rate of what is new on top of it.")
    var headRate: Float = 2e-3

    @Option(help: "Factor on the rate for each encoder layer further down.")
    var layerDecay: Float = 1

    @Option(help: "Decay of weights, decoupled from the gradient.")
    var weightDecay: Float = 0.01

    @Option(help: "Share of the run in which the rates climb.")
    var warmup: Float = 0.06

    @Option(help: "How the rates come down: linear, cosine or constant.")
    var schedule: LearningRateSchedule.Decay = .linear

    @Option(help: "Largest norm of the gradient; 0 for any.")
    var clip: Float = 1

    @Option(help: "Rate of dropout.")
    var dropout: Float = 0.1

    @Option(help: "Weight of the agreement between two passes with different dropout (R-Drop); 0 for one pass.")
    var agreement: Float = 0

    @Option(help: "Share of words hidden while training.")
    var wordDropout: Float = 0

    @Option(help: "Share of entities hidden while training, so that they are told by their surroundings.")
    var nameDropout: Float = 0

    @Option(help: "Share of posts read as if in lower case while training.")
    var caseDropout: Float = 0

    @Option(help: "Share of the weights' running average that a step keeps; 0 for the weights themselves.")
    var averaging: Float = 0

    @Option(help: "Which pieces of a word speak for it: mean or first.")
    var pooling: WordConfiguration.Pooling = .mean

    @Option(help: "Most pieces of a post, knowledge included.")
    var maxPieces = 256

    @Flag(help: "The encoder's vocabulary tells cases apart.")
    var cased = false

    @Flag(help: "Leave the encoder's table of pieces as it is.")
    var freezePieces = false

    @Option(help: "Evaluations an epoch.")
    var evaluations = 1

    @Option(help: "Evaluations without a better score after which the run ends; 0 for never.")
    var patience = 0

    @Option(help: "Parts of a batch that are computed apart; at most this many workers are of use.")
    var shards = 2

    @Option(help: "Passes that a part is computed in, to save memory.")
    var accumulate = 1

    @Option(help: "Steps between checkpoints.")
    var checkpointEvery = 250

    @Option(name: .shortAndLong, help: "Workers.")
    var jobs = 1

    func validate() throws {
        let shares: [(String, Float, Bool)] = [
            ("--dropout", dropout, dropout < 1), ("--word-dropout", wordDropout, wordDropout <= 1),
            ("--name-dropout", nameDropout, nameDropout <= 1),
            ("--case-dropout", caseDropout, caseDropout <= 1), ("--averaging", averaging, averaging < 1),
            ("--warmup", warmup, warmup <= 1), ("--layer-decay", layerDecay, layerDecay <= 1),
        ]
        for (name, value, isBelow) in shares where !(value >= 0 && isBelow) {
            throw ValidationError("\(name) is \(value); it is a share, 0 to 1")
        }
        let amounts: [(String, Float)] = [
            ("--rate", rate), ("--head-rate", headRate), ("--weight-decay", weightDecay), ("--clip", clip),
            ("--agreement", agreement),
        ]
        for (name, value) in amounts where !(value >= 0 && value.isFinite) {
            throw ValidationError("\(name) is \(value); it cannot be negative")
        }
        guard maxPieces > 2, jobs > 0 else { throw ValidationError("--max-pieces is at least 3, --jobs at least 1") }
    }

    /// The settings that the options stand for.
    var training: TaggerTraining {
        var training = TaggerTraining()
        training.recipe.dropout = dropout
        training.recipe.agreement = agreement
        training.recipe.wordDropout = wordDropout
        training.recipe.nameDropout = nameDropout
        training.recipe.caseDropout = caseDropout
        training.groups = ParameterGroups(
            encoderRate: rate, headRate: headRate, decay: weightDecay, layerDecay: layerDecay)
        training.trainer.seed = seed
        training.trainer.epochs = epochs
        training.trainer.batchSize = batch
        training.trainer.warmup = warmup
        training.trainer.decay = schedule
        training.trainer.optimizer.clip = clip > 0 ? clip : nil
        training.trainer.averaging = averaging > 0 ? averaging : nil
        training.trainer.evaluationsPerEpoch = evaluations
        training.trainer.patience = patience > 0 ? patience : nil
        training.trainer.shards = shards
        training.trainer.accumulation = accumulate
        training.trainer.checkpointInterval = checkpointEvery
        training.trainer.jobs = jobs
        training.pooling = pooling
        training.maximumPieces = maxPieces
        training.lowercase = !cased
        training.freezesPieces = freezePieces
        return training
    }
}

extension LearningRateSchedule.Decay: ExpressibleByArgument {}
extension WordConfiguration.Pooling: ExpressibleByArgument {}
