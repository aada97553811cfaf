import Kernels
import Model
import Text

/// Judges what is found in development posts.
struct TagJudge: Sendable {
    /// What finds.
    let head: any LearnedHead

    /// - Throws: ``TrainingError`` for a method whose head cannot be trained.
    init(_ network: Network) throws(TrainingError) {
        guard let head = network.parts.head as? any LearnedHead else {
            throw TrainingError(.settings, "'\(network.configuration.method.name)' has no head to train")
        }
        self.head = head
    }

    /// Precision, recall and F1 of spans with their types.
    func evaluation(of predicted: [[TagSet.Span]], on examples: [TaggerExample]) -> Evaluation {
        guard canTell(examples) else { return Evaluation(score: nil, scalars: []) }
        var (right, found, gold) = (0, 0, 0)
        for (example, spans) in zip(examples, predicted) {
            // What there was no room for is not found.
            let expected = Set(example.spans + example.spansBehind)
            right += spans.count { expected.contains($0) }
            found += spans.count
            gold += expected.count
        }
        let precision = Double(right) / Double(max(found, 1))
        let recall = Double(right) / Double(gold)
        let f1 = right == 0 ? 0 : 2 * precision * recall / (precision + recall)
        return Evaluation(
            score: f1,
            scalars: [
                Evaluation.Scalar("mner_f1", f1), Evaluation.Scalar("precision", precision),
                Evaluation.Scalar("recall", recall),
            ])
    }

    /// Whether the posts can tell a better model, and whether they were read whole.
    func notes(_ examples: [TaggerExample]) -> [String] {
        let cut = examples.count { $0.isCut }
        let long =
            "\(cut) of \(examples.count) development posts are longer than training reads them; entities behind that "
            + "count as not found"
        return (canTell(examples) ? [] : [Self.nothingToJudgeBy]) + (cut == 0 ? [] : [long])
    }

    /// Said of development data that tell no model from another.
    static let nothingToJudgeBy =
        "the development posts have no entity to judge by: the last weights are kept, as no better ones can be told"

    /// Whether there is an entity that could be found.
    private func canTell(_ examples: [TaggerExample]) -> Bool { examples.contains { !$0.spans.isEmpty } }
}

extension MentionDecoder {
    /// What was found in texts that were each read whole, by their scores and how many words they have.
    func spans(of scores: [[Float]], lengths: [Int]) throws(ShapeError) -> [[TagSet.Span]] {
        try zip(scores, lengths).map { scores, words throws(ShapeError) in
            try mentions(of: [ScoredWindow(words: words, scores: scores)], words: words).map {
                TagSet.Span(words: $0.words, type: $0.type)
            }
        }
    }
}
