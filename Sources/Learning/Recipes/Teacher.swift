import Kernels
import Model
import SystemPackage
import Text

/// A model that tags, as another learns from it: what it expects of the tags of posts, with all of its doubts (Hinton et al.
/// 2015; of chains, Wang et al. 2020, "Structure-Level Knowledge Distillation", 3.2).
struct Teacher: Sendable {
    /// Of its files: tells one teacher from another.
    let checksum: UInt32
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
        let start = try TaggerStart.tagger(directory)
        let configuration = try start.base ?? directory.configuration()
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
        parameters.takeOver(start.values)
        words = network.parts.words
        self.head = head
        field = try head.field(parameters.read)
        (wordPiece, limit) = try start.pieces(atMost: configuration.text.maximumLength)
        checksum = try directory.checksum()
    }

    /// What it expects of posts' tags; `nil` of one that it cannot read to its end.
    func expectations(
        of posts: [[String]], pool: WorkerPool, progress: PreparationProgress
    ) throws -> [TagExpectations?] {
        try pool.map(posts.count, batches: 32) { (range) throws(ShapeError) in
            defer { progress.add(range.count) }
            return try expectations(of: Array(posts[range]))
        }
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
