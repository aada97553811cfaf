import Kernels
import Model
import Randomness

/// Texts against what their posts show, within the batch: symmetric InfoNCE of the fusion's summaries (Radford et al. 2021),
/// at a fixed temperature.
struct SummaryContrast: Objective {
    let temperature: Float

    /// The sum over the posts that show something; `nil` where there are not two of them.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let pairs = try forward.pairs(on: tape) else { return nil }
        return try tape.contrast(pairs.text, pairs.shown, temperature: temperature)
    }
}

/// Whether texts and evidence belong together: those of each post, against those of the text with the next post's evidence
/// (text-image matching; negatives are the batch rolled by one).
struct Matching<Part: EvidenceMatching>: Objective {
    let fusion: Part

    /// The sum over both kinds of pairs; `nil` where there are not two posts that show something.
    func term(
        _ forward: FusionForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard let pairs = try forward.pairs(on: tape) else { return nil }
        let count = pairs.text.rows
        let rolled = try tape.gather(pairs.shown, (0..<count).map { Int32(($0 + 1) % count) })
        let logits = try fusion.matching(
            tape.concatenateRows([pairs.text, pairs.text]), tape.concatenateRows([pairs.shown, rolled]), on: tape)
        return try tape.binaryCrossEntropy(logits, (0..<2 * count).map { $0 < count ? 1 : 0 })
    }
}

extension FusionForward {
    /// Summaries of the texts and of what they are shown with, of posts that show something; `nil` where there are not two.
    func pairs(on tape: Tape) throws(ShapeError) -> (text: Tape.Value, shown: Tape.Value)? {
        guard let text = notes[.textSummary], let shown = notes[.shownSummary] else { return nil }
        let rows = isShown.indices.filter { isShown[$0] }.map { Int32($0) }
        return rows.count > 1 ? (try tape.gather(text, rows), try tape.gather(shown, rows)) : nil
    }
}
