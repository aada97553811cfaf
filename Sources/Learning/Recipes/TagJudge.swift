import Kernels
import Model
import Text

/// Judges tags of development posts.
struct TagJudge: Sendable {
    /// The field over tags.
    let head: any ChainHead
    private let tags: TagSet

    /// - Throws: ``TrainingError`` for a method whose head is no CRF.
    init(_ network: Network) throws(TrainingError) {
        guard let head = network.parts.head as? any ChainHead else {
            throw TrainingError(.settings, "'\(network.configuration.method.name)' has no CRF to train")
        }
        self.head = head
        tags = network.tags
    }

    /// Entities of a post, by its gold tags.
    func entities(_ tags: [Int32]) -> [TagSet.Span] {
        self.tags.spans(of: tags.map(Int.init), orphans: .lenient)
    }

    /// The field with these numbers, which allows legal tags alone.
    func crf(_ parameters: TrainableParameters) throws(ShapeError) -> CRF {
        try CRF(
            transitions: parameters.read(head.chain.transitions).span, start: parameters.read(head.chain.start).span,
            end: parameters.read(head.chain.end).span,
            allowed: TagMoves(starts: tags.allowedStarts, moves: tags.allowedMoves))
    }

    /// Precision, recall and F1 of spans with their types.
    func evaluation(of predicted: [[Int32]], on examples: [TaggerExample]) -> Evaluation {
        guard canTell(examples) else { return Evaluation(score: nil, scalars: []) }
        var (right, found, gold) = (0, 0, 0)
        for (example, path) in zip(examples, predicted) {
            // What there was no room for is not found.
            let expected = Set(entities(example.tags + example.tagsBehind))
            let spans = tags.spans(of: path.map(Int.init), orphans: .strict)
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
        let cut = examples.count { !$0.tagsBehind.isEmpty }
        let long =
            "\(cut) of \(examples.count) development posts are longer than training reads them; entities behind that "
            + "count as not found"
        return (canTell(examples) ? [] : [Self.nothingToJudgeBy]) + (cut == 0 ? [] : [long])
    }

    /// Said of development data that tell no model from another.
    static let nothingToJudgeBy =
        "the development posts have no entity to judge by: the last weights are kept, as no better ones can be told"

    /// Whether there is an entity that could be found.
    private func canTell(_ examples: [TaggerExample]) -> Bool { examples.contains { !entities($0.tags).isEmpty } }
}

extension CRF {
    /// The most probable legal tags of sequences whose scores lie one after the other (Viterbi).
    func paths(_ scores: [Float], lengths: [Int]) throws(ShapeError) -> [[Int32]] {
        var row = 0
        return try lengths.map { length throws(ShapeError) in
            let rows = row * tags..<(row + length) * tags
            row += length
            return try viterbi(scores.span.extracting(rows)).path
        }
    }
}
