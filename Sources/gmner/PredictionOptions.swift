import ArgumentParser
import Corpora
import Flow
import Learning
package import Model
import Reporting
import SystemPackage

/// A model that answers posts in the process that scores it.
struct PredictionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Model that answers the gold posts.", valueName: "dir"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Pictures of the posts: the path that gold names, or ID.jpg or ID.png, as far as they are at hand.",
            valueName: "dir"))
    var images: String?

    @Option(
        help: ArgumentHelp(
            "Background of posts (lines of id and knowledge), as for train; may be given several times.",
            valueName: "file"))
    var knowledge: [String] = []

    @Option(help: ArgumentHelp("File for the answers, in the filter's form; - for standard output.", valueName: "file"))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Have the answers say how unsure the model is of their parts, as the filter does.", valueName: "kind"))
    var uncertainty: UncertaintyKind?

    @Option(name: .shortAndLong, help: "Workers.")
    var jobs = 1

    func validate() throws {
        guard model != nil || images == nil && knowledge.isEmpty && save == nil && uncertainty == nil else {
            throw ValidationError("--images, --knowledge, --save and --uncertainty need --model")
        }
        guard jobs > 0 else { throw ValidationError("--jobs is at least 1") }
    }

    private var plan: Plan {
        var plan = Plan(jobs: min(jobs, Plan.mostJobs))
        plan.uncertainty = uncertainty
        return plan
    }

    /// The model's answers, which are saved first if that was asked for, unless they are only to look at.
    func answers(to gold: LabelledData, saving: Bool = true) throws -> LabelledData {
        let answers = try ModelAnswers(
            of: FilePath(model ?? ""), to: gold, images: images.map { FilePath($0) },
            knowledge: Knowledge(knowledge.map { FilePath($0) }), plan: plan)
        if let first = answers.failures.first {
            throw Failure(
                .internalFault, "posts that met a fault of the program: \(answers.failures.count); the first: \(first)")
        }
        if let first = answers.warnings.first {
            Terminal.note("gmner: note: pictures that cannot be read: \(answers.warnings.count); the first: \(first)")
        }
        if let save, saving { try answers.write(to: FilePath(save)) }
        return try answers.data()
    }
}

extension UncertaintyKind: ExpressibleByArgument {}
