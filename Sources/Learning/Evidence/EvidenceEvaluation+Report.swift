import Model
package import SystemPackage
import Geometry

extension EvidenceEvaluation {
    /// Everything that is measured of a model's gate and box head, with what guessing would reach. Of labelled posts with
    /// their pictures there is more to tell: see ``PicturedAnswers``.
    package func report(_ directory: FilePath, pool: WorkerPool) throws -> GroundingReport {
        let model = try Self.heads(of: directory)
        let predictions = try EvidenceEvaluation(posts: posts, pictured: nil, photographs: photographs).predict(
            model.heads, model.parameters, pool: pool)
        var report = GroundingReport()
        func gate(
            _ name: String, _ predictions: [EvidencePrediction], isPictured: Bool = true, isDescribed: Bool = true
        ) {
            let calibration = model.configuration.gate(isPictured: isPictured, isDescribed: isDescribed)
            report.addGate("gate: \(name)", VisibilityScore(predictions, calibration: calibration))
        }
        gate("posts, text alone", predictions.textAlone, isPictured: false, isDescribed: false)
        gate("posts, captions", predictions.captioned, isPictured: false)
        gate("posts with pictures", predictions.pictured)
        gate("photographs", predictions.photographs)
        Self.addBoxes(&report, "posts with pictures", predictions.pictured, anchors: nil, candidates: { _ in [] })
        guard let photographs else { return report }
        let alone = try photographs.predict(model.heads, model.parameters, pool: pool) {
            photographs.all($0, alt: false)
        }
        gate("photographs, no alternative text", alone, isDescribed: false)
        let people = predictions.photographs.filter(\.entity.isPerson)
        for (name, part) in [("people", people), ("all", predictions.photographs)] {
            Self.addBoxes(&report, name, part, anchors: predictions.photographs) { photographs.posts[$0.post].objects }
        }
        let calibration = model.configuration.gate(isPictured: true, isDescribed: false)
        try addSwaps(&report, calibration, before: alone, of: photographs) { shown in
            try photographs.predict(model.heads, model.parameters, pool: pool, shown: shown)
        }
        Self.addDecisions(&report, predictions.photographs, model.configuration)
        return report
    }

    /// Boxes that hit, beside the constant box that hits most, and a candidate drawn at random.
    private static func addBoxes(
        _ report: inout GroundingReport, _ name: String, _ predictions: [EvidencePrediction],
        anchors: [EvidencePrediction]?, candidates: (EvidencePrediction) -> [RelativeBox]
    ) {
        let boxed = predictions.filter { !$0.entity.boxes.isEmpty }
        let count = Double(max(1, boxed.count))
        let hits = Double(boxed.count(where: \.isHit)) / count
        guard let anchors else { return report.add("box: \(name)", boxed.count, .init("hits", hits)) }
        func share(_ box: RelativeBox) -> Double {
            Double(boxed.count { $0.entity.boxes.contains { $0.overlap(box) > 0.5 } }) / count
        }
        let constant = anchors.flatMap(\.entity.boxes).map(share).max() ?? 0
        let random = boxed.reduce(0.0) { sum, prediction in
            let boxes = candidates(prediction)
            let right = boxes.count { box in prediction.entity.boxes.contains { $0.overlap(box) > 0.5 } }
            return sum + (boxes.isEmpty ? 0 : Double(right) / Double(boxes.count))
        }
        report.add(
            "box: \(name)", boxed.count, .init("hits", hits), .init("constant box", constant),
            .init("random object", random / count))
    }

    /// What another picture, and one of a single colour, does to entities that the gate saw rightly.
    ///
    /// - Parameter predict: What the model says where each photograph's post shows something else.
    private func addSwaps(
        _ report: inout GroundingReport, _ calibration: Calibration, before: [EvidencePrediction],
        of photographs: EvidenceSet,
        predict: (@Sendable (_ post: Int) -> EvidenceSet.Shown) throws -> [EvidencePrediction]
    ) throws {
        func isSeen(_ prediction: EvidencePrediction) -> Bool {
            calibration.probability(prediction.logit, of: prediction.entity.typeIndex) > 0.5
        }
        let swapped = try predict { post in
            EvidenceSet.Shown(picture: photographs.posts[post].otherImages.first)
        }
        let blank = try predict { post in
            EvidenceSet.Shown(picture: BlankPicture.plain[post % BlankPicture.plain.count].name)
        }
        let seen = before.indices.filter {
            before[$0].entity.isVisible == true && isSeen(before[$0])
                && !photographs.posts[before[$0].post].otherImages.isEmpty
        }
        let count = Double(max(1, seen.count))
        report.add(
            "picture swapped for another", seen.count,
            .init("gate flips", Double(seen.count { !isSeen(swapped[$0]) }) / count))
        report.add(
            "picture swapped for one colour", seen.count,
            .init("gate flips", Double(seen.count { !isSeen(blank[$0]) }) / count))
        let boxed = blank.filter { !$0.entity.boxes.isEmpty }
        report.add(
            "box: one colour instead of the picture", boxed.count,
            .init("hits", Double(boxed.count(where: \.isHit)) / Double(max(1, boxed.count))))
    }

    /// How often the answer as a whole is right: a box that hits, or rightly none.
    private static func addDecisions(
        _ report: inout GroundingReport, _ predictions: [EvidencePrediction], _ configuration: EvidenceConfiguration
    ) {
        let known = predictions.filter { $0.entity.isVisible == false || !$0.entity.boxes.isEmpty }
        let right = known.count { prediction in
            // Their alternative text makes no difference where there is a picture.
            let gate = configuration.gate(isPictured: true, isDescribed: false, isChosen: prediction.isChosen)
            let pays = BoxHead.pays(
                visible: gate.probability(prediction.logit, of: prediction.entity.typeIndex),
                trust: prediction.trust.map { configuration.trust(isChosen: prediction.isChosen).probability($0) } ?? 0)
            return pays ? prediction.isHit : prediction.entity.isVisible == false
        }
        let count = Double(max(1, known.count))
        report.add(
            "answers on photographs", known.count, .init("right", Double(right) / count),
            .init("never a box", Double(known.count { $0.entity.isVisible == false }) / count))
    }
}
