import Model
import Images
import Kernels
import Synchronization
package import SystemPackage
import Wire
package import Corpora
import Scoring
import Geometry

/// Lets a model answer posts whose gold is known, from their own words.
///
/// Each post is read by itself, as the filter reads it, and the answers are lines of the filter's form, with its digits:
/// scores are those of what the filter writes.
package struct Predictor: Sendable {
    private let grounder: Grounder
    private let images: FilePath?
    private let knowledge: Knowledge

    /// Opens a model.
    ///
    /// - Parameters:
    ///   - images: Pictures: under the path that gold names, or `ID.jpg` or `ID.png`, as far as they are at hand;
    ///     `nil` for none.
    ///   - knowledge: What is known about posts, beside what gold itself says.
    /// - Throws: ``Model/ModelError`` for a model that cannot be used.
    package init(model: FilePath, images: FilePath? = nil, knowledge: Knowledge = Knowledge()) throws {
        grounder = try Grounder(directory: model)
        self.images = images
        self.knowledge = knowledge
    }

    /// The answers to posts, in their order.
    ///
    /// - Throws: ``ScoringError`` for a post whose text is not known, ``TrainingError`` for a fault of the program.
    package func answers(to gold: LabelledData, pool: WorkerPool) throws -> Predictions {
        if let post = gold.posts.first(where: { !$0.isTextKnown }) {
            throw ScoringError("post \(post.id): its text is not known, so no model can answer it")
        }
        let made = Mutex([Predictions.Line?](repeating: nil, count: gold.posts.count))
        try pool.run(pool.workers) { (lane) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                for index in stride(from: lane, to: gold.posts.count, by: pool.workers) {
                    let line = try line(gold.posts[index], number: index + 1, worker)
                    made.withLock { $0[index] = line }
                }
            } catch {
                throw TrainingError(.shape, "\(error)")
            }
        }
        return Predictions(lines: made.withLock { $0.compactMap(\.self) })
    }

    private func line(
        _ gold: LabelledPost, number: Int, _ worker: GroundingWorker
    ) throws(ShapeError) -> Predictions.Line {
        let post = Post(line: number, id: RawJSON(string: gold.id), text: gold.text, tokens: gold.wordScalars)
        let text = PostText(
            text: gold.text, tokens: gold.wordScalars, alt: gold.alt, knowledge: knowledge[gold.id] ?? gold.knowledge)
        let reading = try worker.read([text])[0]
        var picture: (patches: [Float], size: ImageSize)?
        var warnings: [Warning] = []
        if reading.wantsPicture {
            do throws(ImageError) {
                picture = try load(gold)
            } catch {
                warnings.append(Warning(code: error.code.rawValue, stage: "decode", message: error.message))
            }
        }
        let features = try picture.map { picture throws(ShapeError) in try worker.see([picture.patches])[0] }
        let triples = try worker.ground(reading, picture: features).map { found in
            Triple(
                type: found.entity.type, scalars: found.entity.scalars, of: post, score: found.entity.score,
                visible: found.visible,
                box: found.box.flatMap { box in
                    (picture?.size).map { PixelBox(box, of: $0) }
                })
        }
        var line: [UInt8] = []
        let answer = Answer(post, triples: triples, image: picture?.size, warnings: warnings)
        AnswerWriter().write(answer, text: gold.text, into: &line)
        return Predictions.Line(bytes: line, warning: warnings.first?.message)
    }

    /// The picture of a post as the model takes it; `nil` where there is none.
    private func load(_ post: LabelledPost) throws(ImageError) -> (patches: [Float], size: ImageSize)? {
        guard let images, let name = post.image ?? DataFile.picture(images, id: post.id),
            let side = grounder.imageSize,
            let patch = grounder.patchSize
        else { return nil }
        let picture = try PictureSource(root: images).picture(of: name, atLeast: side)
        return (
            ImageToPatches(size: side, patch: patch).matrix(of: picture),
            ImageSize(width: picture.originalWidth, height: picture.originalHeight)
        )
    }
}

/// Answers of a model, one line a post, as the filter writes them.
package struct Predictions: Sendable {
    fileprivate struct Line {
        var bytes: [UInt8]
        /// Why the post's picture could not be read.
        var warning: String?
    }

    private let lines: [Line]

    fileprivate init(lines: [Line]) { self.lines = lines }

    /// What is wrong with pictures that could not be read, in the order of the posts.
    package var warnings: [String] { lines.compactMap(\.warning) }

    /// The answers as data to score.
    package func data() throws(DataError) -> LabelledData {
        try NDJSONReader().read(lines.map { String(decoding: $0.bytes, as: UTF8.self) }, of: "answers of the model")
    }

    /// Writes the answers to a file, which takes its place whole or not at all.
    package func write(to path: FilePath) throws(DataError) {
        try ExportFormat.ndjson.write([ExportedFile("", lines.flatMap(\.bytes))], to: path)
    }
}
