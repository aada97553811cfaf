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

/// What a run learns tags from beside gold: teachers, who agree on the mean of what they expect, and posts that only they
/// have tagged.
package struct Teaching: Sendable {
    /// The teachers' share of what is wanted of posts that have gold tags, if settings say nothing else.
    package static let share: Float = 0.5

    private let teachers: [FilePath]
    /// Words of posts that nobody has tagged.
    private let untagged: [[String]]
    private let tags: TagSet
    private let share: Float
    private let place: RunPlace

    /// What a run is given of both.
    ///
    /// - Parameter share: the teachers' share of what is wanted of posts that have gold tags; the rest is gold.
    /// - Throws: ``TrainingError`` where there are such posts, or a share, and nobody to tag them.
    init(_ inputs: TrainingInputs, for tags: TagSet, share: Float, at place: RunPlace) throws {
        teachers = inputs[all: .teacher]
        let given = inputs[all: .untagged]
        guard given.isEmpty || !teachers.isEmpty else {
            throw TrainingError(.settings, "--untagged needs --teacher: somebody has to tag the posts")
        }
        guard share == Self.share || !teachers.isEmpty else {
            throw TrainingError(.settings, "objectives.teacher: there is no --teacher to have a share")
        }
        untagged = try given.flatMap { try DataSource($0).read().posts.map(\.words) }
        (self.tags, self.share, self.place) = (tags, share, place)
    }

    /// Gives posts what the teachers make of their gold tags, and answers with those that the teachers alone have tagged, as
    /// far as they could read them.
    ///
    /// - Parameter words: words of each post, of which training may read the first alone.
    func teach(
        _ posts: inout [TaggerExample], words: [[String]], _ wordPiece: WordPiece, limit: Int
    ) throws -> [TaggerExample] {
        guard !teachers.isEmpty else { return [] }
        var others = untagged.map { TaggerExample(words: $0, wordPiece: wordPiece, limit: limit) }
        let read = zip(words + untagged, posts + others).map { Array($0.prefix($1.tags.count)) }
        let expected = try expectations(of: read)
        for (index, expected) in expected.prefix(posts.count).enumerated() where share > 0 {
            guard let expected else { continue }
            let gold = try TagExpectations(path: posts[index].tags, tags: tags.count)
            posts[index].taught = try expected.mixed(share, with: gold)
        }
        for (index, expected) in expected.dropFirst(posts.count).enumerated() { others[index].taught = expected }
        return others.filter { $0.taught != nil }
    }

    /// The mean over the teachers that can read a post; `nil` where there are none.
    private func expectations(of posts: [[String]]) throws -> [TagExpectations?] {
        let teachers = try teachers.map { try Teacher($0, for: tags) }
        var sum = CRC32C()
        for teacher in teachers { teacher.add(to: &sum) }
        for words in posts { for word in words + ["\n"] { sum.update(word + "\n") } }
        let cache = TeacherCache(
            path: place.training.appending("teacher.expectations"), origin: "\(sum.value)",
            lengths: posts.map(\.count), tags: tags.count)
        if let known = cache.read() { return known }
        let pool = WorkerPool(workers: place.jobs)
        let progress = PreparationProgress(
            place.progress, "posts for teachers", total: posts.count * teachers.count)
        defer { progress.finish() }
        let opinions = try teachers.map { try $0.expectations(of: posts, pool: pool, progress: progress) }
        let means = try posts.indices.map { post throws(ShapeError) in
            try TagExpectations.mean(opinions.compactMap { $0[post] })
        }
        try cache.write(means)
        return means
    }
}

extension TagExpectations {
    /// The mean of several; `nil` of none.
    fileprivate static func mean(_ all: [TagExpectations]) throws(ShapeError) -> TagExpectations? {
        guard var mean = all.first else { return nil }
        for (count, other) in all.enumerated().dropFirst() {
            mean = try mean.mixed(Float(count) / Float(count + 1), with: other)
        }
        return mean
    }
}
