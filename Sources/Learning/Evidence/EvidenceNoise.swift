import Geometry
import Kernels
import Model
import Randomness
import Scoring
import Synchronization
package import SystemPackage
import Text
import Weights

/// What a model finds in development posts with right evidence, with none, and with that of other posts: the modality noise
/// of the field's surveys, measured.
package struct EvidenceNoise: Sendable {
    /// What the posts are shown with.
    package enum Evidence: Hashable, Sendable {
        /// Nothing.
        case none
        /// Their own, but for a share of them, which get another post's.
        case own(noise: Double)
    }

    /// What a model found in the posts.
    package struct Result: Sendable {
        /// The model, as it was named.
        package let name: String
        /// Spans with types, post by post, for each kind of evidence.
        let counts: [Evidence: [Counts]]
        /// Words of posts that show something, and how many of them let in more than half of it.
        let words: [Evidence: (all: Int, open: Int)]

        /// F1 of spans with their types.
        package func f1(_ evidence: Evidence) -> Double? {
            counts[evidence].map { $0.reduce(into: Counts()) { $0 += $1 }.f1 }
        }
    }

    /// Shares of noise, ascending.
    package let shares: [Double]
    /// Of each model.
    package private(set) var results: [Result] = []
    private let seed: UInt64

    /// Nothing measured yet.
    ///
    /// - Parameters:
    ///   - shares: Shares of the posts with evidence that get another post's; the first is 0.
    ///   - seed: Decides which posts, and whose.
    package init(shares: [Double], seed: UInt64) {
        self.shares = Set([0] + shares).sorted()
        self.seed = seed
    }

    /// Lets a model read the development posts of a source.
    ///
    /// - Parameter cache: Folder that keeps what the patch encoder makes.
    /// - Throws: ``TrainingError`` for data that cannot be read, and where no post shows anything.
    package mutating func measure(
        _ model: FilePath, named name: String, on data: EvidenceData, cache: FilePath, pool: WorkerPool
    ) throws {
        let grounder = try Grounder(directory: model)
        let read = try data.read(.dev, types: grounder.types, keepsEmpty: true)
        let posts = read.real + read.pictured
        let showing = posts.indices.filter { posts[$0].alt != nil || posts[$0].image != nil }
        guard showing.count > 1 else {
            throw TrainingError(.data, "no two development posts show anything: give captions, --images or --pictured")
        }
        let folder = try ModelWriter(cache, storage: .float32).directory
        let pictures =
            grounder.looks == .beforeTagging
            ? try EvidencePreparation(model: model, cache: folder, pool: pool).rows(of: [read], data) : nil
        var counts: [Evidence: [Counts]] = [:]
        var words: [Evidence: (all: Int, open: Int)] = [:]
        for evidence in [.none] + shares.map(Evidence.own) {
            let givers = givers(evidence, of: showing, count: posts.count)
            let found = try Self.read(posts, grounder, pool) { index in
                var text = posts[index].text
                text.mentions = nil
                text.wantsOpenness = true
                let giver = givers[index].map { posts[$0] }
                text.alt = giver?.alt
                text.picture = giver?.image.flatMap { pictures?.features(of: $0) }
                return text
            }
            counts[evidence] = zip(posts, found).map { Counts(of: $1.mentions, $0.entities) }
            let gates = found.flatMap(\.openness)
            words[evidence] = (gates.count, gates.count { $0 > 0.5 })
        }
        results.append(Result(name: name, counts: counts, words: words))
    }

    /// Whose evidence each post gets; `nil` for nobody's.
    private func givers(_ evidence: Evidence, of showing: [Int], count: Int) -> [Int?] {
        var givers = [Int?](repeating: nil, count: count)
        guard case .own(let noise) = evidence else { return givers }
        for post in showing { givers[post] = post }
        var random = SeededGenerator(seed: seed)
        // The same order for every share, so that noise only grows; nobody keeps their own.
        let order = showing.shuffled(using: &random)
        let step = Int.random(in: 1..<order.count, using: &random)
        for place in order.indices.prefix(Int((noise * Double(order.count)).rounded(), within: 0...order.count)) {
            givers[order[place]] = order[(place + step) % order.count]
        }
        return givers
    }

    private static func read(
        _ posts: [EvidencePost], _ grounder: Grounder, _ pool: WorkerPool, text: @Sendable (Int) -> PostText
    ) throws(TrainingError) -> [Reading] {
        let piece = 16
        let readings = Mutex([Reading](repeating: Reading(mentions: []), count: posts.count))
        try pool.run(pool.workers) { (lane) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                for start in stride(from: lane * piece, to: posts.count, by: pool.workers * piece) {
                    let range = start..<min(start + piece, posts.count)
                    let read = try worker.read(range.map(text))
                    readings.withLock { $0.replaceSubrange(range, with: read) }
                }
            } catch {
                throw TrainingError(error)
            }
        }
        return readings.withLock { $0 }
    }
}

extension EvidenceNoise {
    /// The measurement as a table, a row a model: F1 with none, with right and with more and more wrong evidence; what wrong
    /// evidence costs against none, with 95 % intervals from 1000 draws of posts; and the share of words whose gate is open.
    package var report: GroundingReport {
        var report = GroundingReport()
        for result in results {
            var shares = [GroundingReport.Share("none", result.f1(.none) ?? 0)]
            for share in self.shares {
                let name = share == 0 ? "right" : "noise_\(Int((share * 100).rounded(), within: 0...100))"
                shares.append(GroundingReport.Share(name, result.f1(.own(noise: share)) ?? 0))
            }
            let most = Evidence.own(noise: self.shares.last ?? 0)
            shares.append(result.difference("right_gain", .own(noise: 0)))
            shares.append(result.difference("noise_loss", most))
            for (name, evidence) in [("open", .own(noise: 0)), ("open_noise", most)] as [(String, Evidence)] {
                guard let words = result.words[evidence], words.all > 0 else { continue }
                shares.append(GroundingReport.Share(name, Double(words.open) / Double(words.all)))
            }
            report.rows.append(
                GroundingReport.Row(name: result.name, count: result.counts[.none]?.count ?? 0, shares: shares))
        }
        return report
    }
}

extension EvidenceNoise.Result {
    /// By how much F1 with some evidence is above that with none.
    fileprivate func difference(_ name: String, _ evidence: EvidenceNoise.Evidence) -> GroundingReport.Share {
        let (with, without) = (counts[evidence] ?? [], counts[.none] ?? [])
        func f1(_ counts: [Counts], _ posts: [Int]) -> Double { posts.reduce(into: Counts()) { $0 += counts[$1] }.f1 }
        func difference(_ posts: [Int]) -> Double { f1(with, posts) - f1(without, posts) }
        return GroundingReport.Share(
            name, difference: difference(Array(with.indices)),
            Bootstrap().interval(of: with.count) { difference($0) })
    }
}

extension Counts {
    /// What of the mentions is right: span and type.
    fileprivate init(of mentions: [Mention], _ entities: [EvidencePost.Entity]) {
        let right = mentions.count { mention in
            entities.contains { $0.words == mention.words && $0.typeIndex == mention.type }
        }
        self.init(correct: right, predicted: mentions.count, gold: entities.count)
    }
}
