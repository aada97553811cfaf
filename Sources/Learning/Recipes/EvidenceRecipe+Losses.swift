import Model
import Kernels
import Geometry
import Randomness

/// What the box head and the space that words and patches share learn from.
extension EvidenceRecipe {
    /// Mask, box and trust of the entities whose posts show a picture.
    func drawingLoss(
        _ drawing: BoxHead.Drawing<Tape.Value>, _ entities: [EvidencePost.Entity], on tape: Tape
    ) throws(ShapeError) -> Tape.Value {
        let logits = tape.array(drawing.boxes)
        var masks: [Float] = []
        var maskWeights: [Float] = []
        var targets: [RelativeBox] = []
        var hits: [Float] = []
        for (row, entity) in entities.enumerated() {
            let isKnown = entity.isVisible == false || !entity.boxes.isEmpty
            let coverages = entity.boxes.map { $0.coverage(grid: heads.grid) }
            masks += (0..<heads.patches).map { place in coverages.reduce(Float(0)) { max($0, $1[place]) } }
            maskWeights += repeatElement(
                isKnown ? settings.mask / Float(heads.patches) : 0, count: heads.patches)
            let said = BoxHead.box(logits.span.extracting(4 * row..<4 * row + 4))
            // Of several right boxes, the one that is nearest already.
            let nearest = entity.boxes.max { $0.overlap(said) < $1.overlap(said) }
            targets.append(nearest ?? Self.anywhere)
            hits.append((nearest?.overlap(said) ?? 0) > 0.5 ? 1 : 0)
        }
        let boxed: [Float] = entities.map { $0.boxes.isEmpty ? 0 : 1 }
        let mask = try tape.binaryCrossEntropy(drawing.masks, masks, weights: maskWeights)
        let box = try tape.boxLoss(drawing.boxes, targets, weights: boxed.map { $0 * settings.box })
        let drawn = try tape.add(mask, box)
        if let choice = drawing.choice {
            return try tape.add(drawn, choiceLoss(choice, entities, on: tape))
        }
        let trust = try tape.binaryCrossEntropy(drawing.trust, hits, weights: boxed.map { $0 * settings.trust })
        return try tape.add(drawn, trust)
    }

    /// Each candidate of an entity whose place is known, against its overlap where that is more than half, so that of
    /// several right candidates the best one wins.
    private func choiceLoss(
        _ choice: CandidateChoice.Choice<Tape.Value>, _ entities: [EvidencePost.Entity], on tape: Tape
    ) throws(ShapeError) -> Tape.Value {
        let perEntity = choice.candidates.count / max(entities.count, 1)
        let overlaps = choice.candidates.enumerated().map { index, candidate in
            entities[index / perEntity].boxes.reduce(Float(0)) { max($0, $1.overlap(candidate)) }
        }
        let weights = overlaps.indices.map {
            entities[$0 / perEntity].boxes.isEmpty ? 0 : settings.choice / Float(perEntity)
        }
        return try tape.binaryCrossEntropy(choice.scores, overlaps.map { $0 > 0.5 ? $0 : 0 }, weights: weights)
    }

    /// Each patch proposes the box of the smallest object that its centre lies in.
    func proposalLoss(
        _ extents: Tape.Value, _ examples: [Int], _ shown: [EvidenceSet.Shown], on tape: Tape
    ) throws(ShapeError) -> Tape.Value {
        var targets: [RelativeBox] = []
        var weights: [Float] = []
        for (example, shown) in zip(examples, shown) where shown.picture != nil {
            let smallestFirst = training.posts[example].objects(in: shown).sorted { $0.area < $1.area }
            let found = (0..<heads.patches).map { place in
                let x = (Float(place % heads.grid) + 0.5) / Float(heads.grid)
                let y = (Float(place / heads.grid) + 0.5) / Float(heads.grid)
                return smallestFirst.first { $0.x1 < x && x < $0.x2 && $0.y1 < y && y < $0.y2 }
            }
            let weight = settings.proposals / Float(max(1, found.count { $0 != nil }))
            targets += found.map { $0 ?? Self.anywhere }
            weights += found.map { $0 == nil ? 0 : weight }
        }
        return try tape.boxLoss(heads.box.proposals(extents, on: tape), targets, weights: weights)
    }

    /// Pictures against sentences about them, within the batch: `nil` where there are not two of either.
    func contrastLoss(
        _ result: GroundingResult<Tape.Value>, _ examples: [Int], _ shown: [EvidenceSet.Shown],
        random: inout SeededGenerator, on tape: Tape
    ) throws(ShapeError) -> Tape.Value? {
        let width = training.readings.width
        var pictures: [Int32] = []
        var sentences: [Float] = []
        var seen: Set<String> = []
        var row: Int32 = 0
        for (example, shown) in zip(examples, shown) {
            guard let picture = shown.picture else { continue }
            defer { row += 1 }
            let captions = training.posts[example].captions
            guard !captions.isEmpty, !shown.showsNothing, seen.insert(picture).inserted else { continue }
            let words = training.readings.rows(of: captions[Int(random.next() % UInt64(captions.count))])
            pictures.append(row)
            let count = Float(max(1, words.count / width))
            sentences += (0..<width).map { column in
                stride(from: column, to: words.count, by: width).reduce(0) { $0 + words[$1] } / count
            }
        }
        guard let summaries = result.summaries, pictures.count > 1 else { return nil }
        let said = try heads.reader.see(
            words: tape.constant(rows: pictures.count, columns: width, sentences.span), dropout: settings.dropout,
            on: tape)
        let contrast = try tape.contrast(
            tape.unitRows(tape.gather(summaries.pictures, pictures)), tape.unitRows(said), scale: contrastScale)
        return try tape.scale(contrast, by: settings.contrast)
    }

    /// A box for rows that do not count.
    private static let anywhere = RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)
}
