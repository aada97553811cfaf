import Text
import Kernels
import Model
import Randomness

/// Pictures against sentences about them, or the posts that people wrote beside them, within the batch (InfoNCE).
struct PictureContrast: Objective {
    let reader: EvidenceReader
    let training: EvidenceSet
    /// `1 × 1`: inverse temperature.
    let scale: Parameter
    let dropout: Float

    /// The sum over the pairs; `nil` where there are not two of them.
    func term(
        _ forward: EvidenceForward, on tape: Tape, random: inout SeededGenerator
    ) throws(ShapeError) -> Tape.Value? {
        guard forward.drawn != nil else { return nil }
        let (pictures, sentences) = pairs(forward, &random)
        guard let summaries = forward.result.summaries, pictures.count > 1 else { return nil }
        let said = try reader.see(
            words: tape.constant(rows: pictures.count, columns: training.readings.width, sentences.span),
            dropout: dropout, on: tape)
        return try tape.contrast(
            tape.unitRows(tape.gather(summaries.pictures, pictures)), tape.unitRows(said), scale: scale)
    }

    /// Rows of pictures, each once, and for each the mean row of a sentence about it, drawn by chance.
    private func pairs(
        _ forward: EvidenceForward, _ random: inout SeededGenerator
    ) -> (pictures: [Int32], sentences: [Float]) {
        let width = training.readings.width
        var pictures: [Int32] = []
        var sentences: [Float] = []
        var seen: Set<ExactString> = []
        var row: Int32 = 0
        for (example, shown) in zip(forward.scene.examples, forward.scene.shown) {
            guard let picture = shown.picture else { continue }
            defer { row += 1 }
            guard !shown.showsNothing, seen.insert(picture.exact).inserted else { continue }
            let captions = training.posts[example].captions
            if captions.isEmpty {
                pictures.append(row)
                sentences += training.readings.text(of: example)
                continue
            }
            let words = training.readings.rows(of: captions[Int(random.next() % UInt64(captions.count))])
            pictures.append(row)
            let count = Float(max(1, words.count / width))
            sentences += (0..<width).map { column in
                stride(from: column, to: words.count, by: width).reduce(0) { $0 + words[$1] } / count
            }
        }
        return (pictures, sentences)
    }
}
