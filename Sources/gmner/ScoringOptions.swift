import ArgumentParser
import Scoring

/// How posts are scored, for commands that compare them.
struct ScoringOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Intersection over union that a hit has to pass.", valueName: "share"))
    var iou = 0.5

    @Flag(help: "Reaching --iou is a hit, not only passing it.")
    var inclusive = false

    @Option(
        help: ArgumentHelp("Samples for the confidence intervals; 0 for none.", valueName: "count"))
    var bootstrap = 1000

    @Option(help: ArgumentHelp("Seed of those samples.", valueName: "number"))
    var seed: UInt64 = 0

    func validate() throws {
        guard (0...1).contains(iou) else { throw ValidationError("--iou is a share, 0 to 1") }
        guard (0...100_000).contains(bootstrap) else {
            throw ValidationError("--bootstrap is 0 to 100000")
        }
    }

    /// A scorer by these rules.
    var scorer: Scorer {
        var scorer = Scorer()
        scorer.rule = RegionRule(threshold: iou, inclusive: inclusive)
        scorer.bootstrapSamples = bootstrap
        scorer.seed = seed
        return scorer
    }
}
