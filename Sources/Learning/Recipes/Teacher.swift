import Corpora
import Files
import Kernels
import Model
import Synchronization
import SystemPackage
import Text

/// A model that tags, as another learns from it: what it expects of the tags of posts, with all of its doubts (Hinton et al.
/// 2015; of chains, Wang et al. 2020, "Structure-Level Knowledge Distillation", 3.2).
struct Teacher: Sendable {
    private let words: WordReader
    private let head: any TagHead
    private let field: CRF
    private let parameters: TrainableParameters
    private let wordPiece: WordPiece
    private let limit: Int

    /// Reads a model.
    ///
    /// - Throws: ``TrainingError`` for one that knows other types, has no chain of tags, or reads more than words.
    init(_ folder: FilePath, for tags: TagSet) throws {
        let directory = try ModelDirectory(folder)
        let configuration = try directory.configuration()
        let network = try Network(configuration)
        guard network.tags == tags else {
            throw TrainingError(.settings, "\(folder) tags other types than the data have: a teacher has the same")
        }
        guard let head = network.parts.head as? any ChainHead, network.parts.fusion == nil else {
            throw TrainingError(
                .settings,
                "\(folder) is no teacher: '\(configuration.method.name)' has no chain of tags over words alone")
        }
        guard configuration.words.knowledgePieces == nil else {
            throw TrainingError(.settings, "\(folder) is no teacher: it reads what is known of posts beside them")
        }
        parameters = TrainableParameters(layout: network.reading, seed: 0) { _ in true }
        parameters.takeOver(try directory.checkpoint(configuration).load(network.reading))
        words = network.parts.words
        self.head = head
        field = try head.field(parameters.read)
        wordPiece = try WordPiece(vocabulary: DataFile.read(directory.vocabulary), lowercase: configuration.lowercase)
        limit = configuration.text.maximumLength
    }

    /// What tells one teacher from another: its numbers.
    func add(to sum: inout CRC32C) {
        for entry in parameters.layout.entries { sum.update(parameters.read(entry.parameter)) }
    }

    /// What it expects of posts' tags; `nil` of one that it cannot read to its end.
    func expectations(
        of posts: [[String]], pool: WorkerPool, progress: PreparationProgress
    ) throws -> [TagExpectations?] {
        let piece = 32
        let found = Mutex([TagExpectations?](repeating: nil, count: posts.count))
        try pool.run((posts.count + piece - 1) / piece) { (index) throws(ShapeError) in
            let range = index * piece..<min((index + 1) * piece, posts.count)
            let expectations = try expectations(of: Array(posts[range]))
            found.withLock { $0.replaceSubrange(range, with: expectations) }
            progress.add(range.count)
        }
        return found.withLock { $0 }
    }

    private func expectations(of posts: [[String]]) throws(ShapeError) -> [TagExpectations?] {
        var batch = PieceBatch()
        let examples = posts.map { TaggerExample(words: $0, wordPiece: wordPiece, limit: limit) }
        for example in examples { batch.append(example.pieces) }
        let lengths = examples.map(\.tags.count)
        let tape = Tape(parameters)
        let scores = try head.score(
            words.states(batch, on: tape), lengths: lengths, evidence: .nothing(lengths.count), dropout: 0, on: tape)
        return try zip(tape.array(scores), examples).map { (emissions, example) throws(ShapeError) in
            example.isCut ? nil : try CRFLattice(field, emissions.span).expectations
        }
    }
}
