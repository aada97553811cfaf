import Text
import Corpora
import FoundationEssentials
import Geometry
import Model
import Kernels
import Synchronization
package import SystemPackage
import Weights
import Files

/// What the frozen text encoder makes of posts and captions, in a file: the same in every epoch and every run.
package struct EvidenceReadings: Sendable {
    private let queries: TensorView<Float>
    private let captions: TensorView<Float>
    private let queryStarts: [Int]
    private let captionStarts: [Int]
    private let captionIndex: [ExactString: Int]
    /// Columns of a word's row.
    package let width: Int

    /// Maps readings of these posts, which are made first where the file has none of exactly these posts and model.
    ///
    /// - Parameters:
    ///   - labels: What regions are called that belong to no post.
    ///   - model: a model directory that grounds; its heads may be of any quality.
    ///   - cache: the file.
    package init(
        _ posts: [EvidencePost], labels: [String] = [], model: FilePath, cache: FilePath, pool: WorkerPool
    ) throws(TrainingError) {
        var index: [ExactString: Int] = [:]
        var sentences: [String] = []
        let said = posts.lazy.flatMap { $0.captions + ($0.alt.map { [$0] } ?? []) + $0.regions.compactMap(\.label) }
        for sentence in Array(said) + labels where index[sentence.exact] == nil {
            index[sentence.exact] = sentences.count
            sentences.append(sentence)
        }
        captionIndex = index
        do {
            let print = try Self.fingerprint(posts, sentences, model)
            if (try? SafetensorsFile(cache))?.metadata["of"] != print {
                try Self.write(cache, posts, sentences, model: model, fingerprint: print, pool: pool)
            }
            let file = try SafetensorsFile(cache, isMapped: true)
            let reader = WeightReader(file)
            func tensor(_ name: String) throws(TrainingError) -> (TensorView<Float>, columns: Int) {
                do throws(FileError) {
                    if let shape = reader.entry(name)?.shape, shape.count == 2,
                        let tensor = try reader.mapped(name, rows: shape[0], columns: shape[1])
                    {
                        return (tensor, shape[1])
                    }
                } catch {
                    throw TrainingError(.data, error.description)
                }
                throw TrainingError(.data, "\(cache): '\(name)' is not what a text encoder makes")
            }
            let queries = try tensor("queries").0
            let (captions, width) = try tensor("captions")
            let lengths = try tensor("lengths").0
            let captionStarts = (0..<lengths.span.count).reduce(into: [0]) {
                $0.append($0[$1] + Int(lengths.span[$1], within: 0...1 << 24))
            }
            let entities = posts.reduce(0) { $0 + $1.entities.count }
            guard captionStarts.count == sentences.count + 1, width > 0,
                captions.span.count == captionStarts[sentences.count] * width,
                queries.span.count == entities * 2 * width
            else { throw TrainingError(.data, "\(cache): not what a text encoder makes of these posts") }
            (self.queries, self.captions, self.width) = (queries, captions, width)
            self.captionStarts = captionStarts
        } catch {
            throw TrainingError(error)
        }
        queryStarts = posts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.entities.count) }
    }

    /// A row for each entity of a post: its words' mean, then that of the text.
    func queries(of post: Int) -> [Float] {
        let range = queryStarts[post] * 2 * width..<queryStarts[post + 1] * 2 * width
        return queries.span.extracting(range).array
    }

    /// The mean row of a post's text.
    func text(of post: Int) -> [Float] {
        let start = queryStarts[post] * 2 * width + width
        return queries.span.extracting(start..<start + width).array
    }

    /// A row for each word of a sentence.
    func rows(of sentence: String) -> [Float] {
        guard let place = captionIndex[sentence.exact] else { return [] }
        let range = captionStarts[place] * width..<captionStarts[place + 1] * width
        return captions.span.extracting(range).array
    }

    /// The mean of a label's words; zeros where there is none.
    func mean(of label: String?) -> [Float] { LabelRows.mean(label.map(rows) ?? [], width: width) }

    // MARK: Making them

    private static func write(
        _ path: FilePath, _ posts: [EvidencePost], _ sentences: [String], model: FilePath, fingerprint: String,
        pool: WorkerPool
    ) throws {
        let grounder = try Grounder(directory: model)
        let width = grounder.configuration.text.width
        let made = Mutex([[Float]](repeating: [], count: posts.count))
        let said = Mutex([[Float]](repeating: [], count: sentences.count))
        let chunk = 64
        let next = Atomic(0)
        let pieces = (posts.count + chunk - 1) / chunk + (sentences.count + chunk - 1) / chunk
        try pool.run(pool.workers) { (_) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                while true {
                    var start = next.add(1, ordering: .relaxed).oldValue
                    guard start < pieces else { return }
                    start *= chunk
                    if start < posts.count {
                        let part = posts[start..<min(start + chunk, posts.count)]
                        let readings = try worker.read(part.map(\.text))
                        made.withLock { $0.replaceSubrange(part.indices, with: readings.map(\.queries)) }
                    } else {
                        start -= (posts.count + chunk - 1) / chunk * chunk
                        let part = sentences[start..<min(start + chunk, sentences.count)]
                        let rows = try worker.rows(of: Array(part))
                        said.withLock { $0.replaceSubrange(part.indices, with: rows) }
                    }
                }
            } catch {
                throw TrainingError(error)
            }
        }
        let queries = made.withLock { $0.flatMap(\.self) }
        let rows = said.withLock { $0 }
        let lengths = rows.map { Float($0.count / width) }
        let captions = rows.flatMap(\.self)
        var writer = try SafetensorsWriter(
            path,
            tensors: [
                SafetensorsWriter.Declaration(
                    "queries", shape: [queries.count / (2 * width), 2 * width], as: .float32),
                SafetensorsWriter.Declaration("captions", shape: [captions.count / width, width], as: .float32),
                SafetensorsWriter.Declaration("lengths", shape: [1, lengths.count], as: .float32),
            ], metadata: ["of": fingerprint])
        try writer.write("queries", queries.span)
        try writer.write("captions", captions.span)
        try writer.write("lengths", lengths.span)
        try writer.finish()
    }

    /// What the readings depend on: texts, entities, and everything of the model that reads them.
    private static func fingerprint(
        _ posts: [EvidencePost], _ sentences: [String], _ model: FilePath
    ) throws -> String {
        var sum = CRC32C()
        for post in posts {
            let places = post.entities.map { "\($0.words.lowerBound)-\($0.words.upperBound)" }
            sum.update("\(post.words.joined(separator: " ")) \(places)")
            if let knowledge = post.knowledge { sum.update(knowledge) }
        }
        for sentence in sentences { sum.update(sentence) }
        let directory = try ModelDirectory(model)
        let configuration = try directory.configuration()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for part in try [encoder.encode(configuration.text), encoder.encode(configuration.words)] {
            sum.update(String(decoding: part, as: UTF8.self))
        }
        sum.update("\(configuration.lowercase)")
        sum.update(String(decoding: try DataFile.read(directory.vocabulary), as: UTF8.self))
        let network = try Network(configuration)
        let values = try directory.checkpoint(configuration).load(network.reading)
        for entry in network.reading.entries
        where entry.file == network.reading.files.first {
            let numbers = values.array(entry.parameter)
            sum.update(unsafe numbers.span.bytes)
        }
        return "\(posts.count) posts, \(sentences.count) sentences, \(sum.value)"
    }
}

extension Span where Element == Float {
    /// A copy.
    var array: [Float] {
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
