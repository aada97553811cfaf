import Files
import Kernels
import Randomness
import Text

/// Monte Carlo dropout (Gal & Ghahramani 2016), by which UnCo tells uncertainty (EMNLP 2025, section 3.2): what was found is
/// judged again in some passes with dropout on, and their mean counts.
enum Sampling {
    /// Passes.
    static let passes = 10
    /// Rate of dropout.
    static let dropout: Float = 0.1

    /// What is sampled.
    enum Subject: UInt64 {
        case words
        case regions
    }

    /// What chance begins with: the text alone, so that no answer depends on the posts around it.
    static func seed(_ text: String) -> UInt64 { UInt64(CRC32C.of(Array(text.utf8)).value) }

    /// What decides about dropout in a pass.
    static func stream(_ seed: UInt64, pass: Int, of subject: Subject) -> SeededGenerator {
        SeededGenerator(seed: seed, stream: UInt64(pass), subject.rawValue)
    }
}

extension TextReader {
    /// Says how unsure the model is of words and types of a text's mentions, by passes with dropout; by fewer of them where
    /// there is no more time.
    func addSamples(
        _ reading: inout Reading, _ text: ReadText, _ post: PostText, _ shown: ShownPosts
    ) throws(ShapeError) {
        guard post.mentions == nil, !reading.mentions.isEmpty else { return }
        let seed = Sampling.seed(post.text)
        reading.sampleSeed = seed
        var sums = try sample(reading.mentions, text, shown, Sampling.stream(seed, pass: 0, of: .words))
        var passes = 1
        while passes < Sampling.passes, !post.limits.isOver() {
            let shares = try sample(reading.mentions, text, shown, Sampling.stream(seed, pass: passes, of: .words))
            for index in sums.indices { sums[index] += shares[index] }
            passes += 1
        }
        for (index, sum) in sums.enumerated() {
            reading.mentions[index].sampled = sum.uncertainty(passes: passes)
        }
    }

    /// What one pass says of the mentions of a text.
    private func sample(
        _ mentions: [Mention], _ text: ReadText, _ shown: ShownPosts, _ stream: SeededGenerator
    ) throws(ShapeError) -> [MentionShares] {
        evaluator.dropoutStream = stream
        defer { evaluator.dropoutStream = nil }
        var windows: [ScoredWindow] = []
        var queue = WindowQueue([text])
        while let batch = queue.next([text]) {
            evaluator.reset()
            let states = try encode(batch, of: [text], dropout: Sampling.dropout)
            let scored = try score(states, of: batch, [text], shown, dropout: Sampling.dropout)
            for (place, rows) in zip(batch, scored.rows) {
                windows.append(ScoredWindow(words: place.window.words, owned: place.window.owned, scores: rows))
            }
        }
        return try model.decoder.shares(of: mentions, in: windows, words: text.count)
    }
}
