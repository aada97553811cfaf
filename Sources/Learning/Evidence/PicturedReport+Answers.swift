import Corpora
import Geometry
import Model
import Scoring
import Text

/// Whole answers: what the tagger finds, and the boxes that go out with it.
extension GroundingReport {
    /// EEG and GMNER of the model's answers, beside never drawing a box and two answers that somebody helped with; and the
    /// posts whose answer the picture makes better or worse.
    mutating func addAnswers(_ answers: PicturedAnswers, _ bootstrap: Bootstrap) throws(DataError) {
        let gold = LabelledData(posts: answers.posts.map(\.truth))
        func counts(_ task: ScoringTask, _ answering: PicturedAnswers.Answering) throws(DataError) -> [Counts] {
            try Scorer().counts(of: task, gold: gold, predicted: answers.data(answering))
        }
        for task in [ScoringTask.eeg, .gmner] {
            let (model, never) = try (counts(task, .model), counts(task, .never))
            let gain = bootstrap.interval(of: model.count) { drawn in
                drawn.map { model[$0] }.sum.f1 - drawn.map { never[$0] }.sum.f1
            }
            add(
                "answers: \(task.title)", model.count, f1("F1", model, bootstrap),
                f1("never a box", never, bootstrap), Share("gain", difference: model.sum.f1 - never.sum.f1, gain))
        }
        let (gate, boxes) = try (counts(.eeg, .trueGate), counts(.eeg, .trueBoxes))
        add("answers: EEG, were the gate always right", gate.count, f1("F1", gate, bootstrap))
        add("answers: EEG, were boxes always right", boxes.count, f1("F1", boxes, bootstrap))
        // Right triples less wrong ones.
        func worth(_ counts: Counts) -> Int { 2 * counts.correct - counts.predicted }
        let gains = try zip(counts(.gmner, .model), counts(.gmner, .alone)).map { worth($0) - worth($1) }
        add(
            "answers: GMNER, posts changed by the picture", gains.count, Share("better", count: gains.count { $0 > 0 }),
            Share("worse", count: gains.count { $0 < 0 }))
    }

    private func f1(_ name: String, _ counts: [Counts], _ bootstrap: Bootstrap) -> Share {
        Share(
            name, counts.sum.f1,
            bootstrap.interval(of: counts.count) { drawn in drawn.map { counts[$0] }.sum.f1 })
    }
}

extension PicturedAnswers {
    /// Who decides on the boxes of what the tagger finds.
    enum Answering {
        /// The model, with the picture.
        case model
        /// The model, from the text alone.
        case alone
        /// Nobody: there is never one.
        case never
        /// Somebody who knows what can be seen, with the model's boxes.
        case trueGate
        /// The model's gate, with the right boxes.
        case trueBoxes
    }

    /// The answers as data to score.
    func data(_ answering: Answering) -> LabelledData {
        LabelledData(
            posts: posts.map { post in
                var said = post.truth
                let mentions = answering == .alone ? post.found.alone : post.found.shown
                said.entities = mentions.map { entity($0, of: post, answering) }
                return said
            })
    }

    private func entity(_ mention: Mention, of post: Post, _ answering: Answering) -> LabelledEntity {
        var entity = LabelledEntity(
            words: mention.words, scalars: mention.scalars, name: "", type: types.names[mention.type])
        let right = post.truth.entities.first { $0.scalars == mention.scalars && !$0.isUnsure }?.boxes ?? []
        func pixels(_ box: RelativeBox?) -> [PixelBox] {
            box.flatMap { box in post.truth.picture.map { [PixelBox(box, of: $0)] } } ?? []
        }
        entity.boxes =
            switch answering {
            case .model, .alone: pixels(mention.box)
            case .never: []
            case .trueGate: right.isEmpty ? [] : pixels(mention.drawn)
            case .trueBoxes:
                // Where there is no right box, any is wrong.
                mention.visible ?? 0 <= 0.5 ? [] : right.isEmpty ? pixels(mention.drawn) : [right[0]]
            }
        return entity
    }
}
