import ArgumentParser
import Corpora
import Flow
import Images
import Learning
import Model
import Scoring
import SystemPackage
import Wire

/// Answers of a model to posts whose gold is known: what the filter writes for the same posts, made by the same
/// pipeline.
struct ModelAnswers {
    private let answers: [FinishedPost]
    /// Why posts have no answer: faults of the program, in the order of the posts.
    let failures: [String]

    /// Lets a model answer.
    ///
    /// - Parameters:
    ///   - images: Pictures: under the path that gold names, or `ID.jpg` or `ID.png`, as far as they are at hand;
    ///     `nil` for none.
    ///   - knowledge: What is known about posts; what was recorded goes before what gold itself says, and that before bases.
    ///   - plan: How the pipeline works on them, and what its answers say.
    /// - Throws: `PipelineError` for a model that cannot be used, `DataError` for a post whose text is not known.
    init(of model: FilePath, to gold: LabelledData, images: FilePath?, knowledge: Knowledge, plan: Plan) throws {
        let pipeline = try Pipeline.opening(model, pictures: images.map { PictureSource(root: $0) }, plan: plan)
        if let post = gold.posts.first(where: { !$0.isTextKnown }) {
            throw DataError("post \(post.id): its text is not known, so no model can answer it")
        }
        let posts = gold.posts.enumerated().map { index, post in
            let image = images.flatMap { post.image ?? DataFile.picture($0, id: post.sourceID) }
            var record = post.record(line: index + 1, image: image)
            record.knowledge = knowledge.of(post)
            return record
        }
        answers = pipeline.answers(to: posts)
        failures = zip(gold.posts, answers).compactMap { post, answer in
            answer.failure.map { "post \(post.id): \($0.message)" }
        }
    }

    /// What is wrong with pictures that could not be read, in the order of the posts.
    var warnings: [String] { answers.compactMap { $0.warnings.first { $0.code.hasPrefix("image.") }?.message } }

    /// The answers as data to score.
    func data() throws(DataError) -> LabelledData {
        try NDJSONReader().read(answers.map { String(decoding: $0.lines, as: UTF8.self) }, of: "answers of the model")
    }

    /// Writes the answers to a file, which takes its place whole or not at all.
    func write(to path: FilePath) throws(DataError) {
        try ExportFormat.ndjson.write([ExportedFile("", answers.flatMap(\.lines))], to: path)
    }
}
