import Corpora
import Files
import Kernels
import Model
import SystemPackage
import Text

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
    /// far as there are words that they could read.
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
        return others.filter { ($0.taught?.length ?? 0) > 0 }
    }

    /// The mean over the teachers that can read a post; `nil` where there are none.
    private func expectations(of posts: [[String]]) throws -> [TagExpectations?] {
        let teachers = try teachers.map { try Teacher($0, for: tags) }
        var sum = CRC32C()
        for teacher in teachers { sum.update("\(teacher.checksum)\n") }
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
