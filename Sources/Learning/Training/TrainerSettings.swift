/// How a run goes, apart from what is learned.
package struct TrainerSettings: Sendable {
    /// Decides everything that chance decides: initial values, order of examples, dropout.
    package var seed: UInt64 = 1
    /// Passes over the examples.
    package var epochs = 5
    /// Examples an update.
    package var batchSize = 16
    /// Parts of a batch that are computed apart and summed in order. At most this many workers help; the outcome
    /// depends on it, and not on the number of workers.
    package var shards = 2
    /// Passes in which a shard goes through its part, to save memory.
    package var accumulation = 1
    /// Share of the run in which the learning rate climbs.
    package var warmup: Float = 0.06
    /// How the learning rate comes down.
    package var decay = LearningRateSchedule.Decay.linear
    /// The optimiser's constants.
    package var optimizer = AdamW.Settings()
    /// Evaluations an epoch.
    package var evaluationsPerEpoch = 1
    /// Evaluations without a new best after which the run ends; `nil` never ends early.
    package var patience: Int?
    /// Decay per step of the running average of weights that is evaluated and saved; `nil` uses the weights themselves.
    package var averaging: Float?
    /// Steps between checkpoints.
    package var checkpointInterval = 250
    /// Workers.
    package var jobs = 1
    /// What else the outcome depends on, in words: the task's own settings.
    package var context = ""

    /// The defaults.
    package init() {}

    /// What a run's outcome depends on, in words, for a model's `config.json`.
    package var provenance: [String: String] {
        [
            "seed": "\(seed)", "epochs": "\(epochs)", "batch": "\(batchSize)", "shards": "\(shards)",
            "accumulate": "\(accumulation)", "warmup": "\(warmup)", "schedule": decay.rawValue,
            "clip": "\(optimizer.clip ?? 0)", "evaluations": "\(evaluationsPerEpoch)", "patience": "\(patience ?? 0)",
            "averaging": "\(averaging ?? 0)",
        ]
    }

    /// What a run's outcome depends on, in words; a checkpoint of a run with another fingerprint is refused.
    func fingerprint(parameters: Int, examples: Int) -> String {
        "seed \(seed), epochs \(epochs), batch \(batchSize), shards \(shards), accumulation \(accumulation), "
            + "warmup \(warmup), decay \(decay), betas \(optimizer.beta1) \(optimizer.beta2), "
            + "epsilon \(optimizer.epsilon), clip \(optimizer.clip ?? 0), "
            + "evaluations \(evaluationsPerEpoch), patience \(patience ?? 0), averaging \(averaging ?? 0), "
            + "parameters \(parameters), examples \(examples); \(context)"
    }

    /// Throws where numbers make no sense.
    func validate() throws(TrainingError) {
        let counts = [
            ("epochs", epochs), ("batch size", batchSize), ("shards", shards), ("accumulation", accumulation),
            ("evaluations an epoch", evaluationsPerEpoch), ("checkpoint interval", checkpointInterval),
        ]
        for (name, value) in counts where value < 1 {
            throw TrainingError(.settings, "\(name) is \(value); it must be at least 1")
        }
        guard (0...1).contains(warmup) else {
            throw TrainingError(.settings, "warm-up is \(warmup); it is a share of the run, 0 to 1")
        }
    }
}
