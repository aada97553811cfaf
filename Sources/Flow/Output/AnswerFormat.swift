import Kernels
import KnowledgeBase
import Text
import Wire

/// Makes the bytes of an answer from what a model found: the one place where the model's terms become those of the wire.
struct AnswerFormat: Sendable {
    /// The types that the model knows.
    let types: TypeInventory
    let writer: AnswerWriter
    /// Whether a record without an answer has a line that says so.
    let emitsErrors: Bool
    /// Whether a record without an answer is put aside.
    var keepsRecords = false
    /// Whether triples say how unsure the model is of them.
    var saysUncertainty = false
    /// What mentions are linked to, where somebody asked for that.
    var links: EntityLinks?

    /// The answer to a post that has come to the end of its way.
    func answer(_ journey: Journey) -> FinishedPost {
        let found = journey.found
        let post = journey.post
        // Where no picture was tried, the answer still says that there are several.
        let sizes = found.imageSizes.isEmpty ? post.images.map { _ in nil } : found.imageSizes
        let mentions = found.mentions ?? []
        let linked = links?.links(of: mentions, in: post.text)
        var triples: [Triple] = []
        for (index, mention) in mentions.enumerated() {
            triples.append(Triple(mention, types: types, of: post, sizes))
            triples[index].link = linked?[index]
            if saysUncertainty { triples[index].uncertainty = StatedUncertainty(mention) }
        }
        let answer = Answer(post, triples: triples, images: sizes, warnings: post.warnings + found.warnings)
        return finish(answer, text: journey.post.text, journey.admitted)
    }

    /// What is said in place of an answer where the model contradicts itself.
    func failure(of journey: Journey, at stage: Stage, _ error: ShapeError) -> FinishedPost {
        let failure = RecordError(.internalFault, stage: "\(stage)", message: error.description)
        var post = finish(Answer(journey.post, error: failure), text: "", journey.admitted)
        if keepsRecords { post.deadLetter = DeadLetter.letter(line: journey.post.line, failure, journey.record) }
        return post
    }

    /// The answer to a line with nothing in it.
    func blank(line: Int, admitted: UInt64) -> FinishedPost {
        finish(Answer(Post(line: line, text: ""), triples: []), text: "", admitted)
    }

    /// What is said of a line that is no post. `record` is the line, as far as it was kept.
    func refusal(line: Int, admitted: UInt64, _ error: RecordError, record: [UInt8] = []) -> FinishedPost {
        var post = finish(Answer(line: line, error: error), text: "", admitted)
        if keepsRecords { post.deadLetter = DeadLetter.letter(line: line, error, record) }
        return post
    }

    private func finish(_ answer: Answer, text: String, _ admitted: UInt64) -> FinishedPost {
        var failure: RecordError?
        var count = 0
        var told: [Warning] = []
        switch answer.outcome {
        case .error(let error): failure = error
        case .triples(let triples, _, let warnings): (count, told) = (triples.count, warnings)
        }
        var lines: [UInt8] = []
        var rest: AnswerRest?
        if failure == nil || emitsErrors {
            rest = AnswerRest(answer: answer, text: text, writer: writer).appendNext(to: &lines)
        }
        return FinishedPost(
            lines: lines, rest: rest, admitted: admitted, line: answer.line, triples: count,
            warnings: told, failure: failure)
    }
}
