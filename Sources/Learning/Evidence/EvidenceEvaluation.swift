package import Model

/// The development posts of gate and box head.
package struct EvidenceEvaluation: Sendable {
    /// Real posts, with captions for alternative text; `nil` for none.
    package let posts: EvidenceSet?
    /// Real posts that have their pictures; `nil` for none.
    package let pictured: EvidenceSet?
    /// Posts made from photographs; `nil` for none.
    package let photographs: EvidenceSet?

    /// At least one of them.
    package init(posts: EvidenceSet?, pictured: EvidenceSet?, photographs: EvidenceSet?) {
        self.posts = posts
        self.pictured = pictured
        self.photographs = photographs
    }

    /// What a model says, by what it gets to see.
    package struct Predictions: Sendable {
        /// Real posts, from text alone.
        package var textAlone: [EvidencePrediction] = []
        /// Real posts with captions.
        package var captioned: [EvidencePrediction] = []
        /// Real posts that have their picture, with it.
        package var pictured: [EvidencePrediction] = []
        /// Those of the set ``EvidenceEvaluation/pictured``, from text alone.
        package var unpictured: [EvidencePrediction] = []
        /// Posts about photographs, with the alternative text that they come with.
        package var photographs: [EvidencePrediction] = []
    }

    /// Runs the model.
    package func predict(
        _ heads: GroundingHeads, _ parameters: TrainableParameters, pool: WorkerPool
    ) throws(TrainingError) -> Predictions {
        var predictions = Predictions()
        if let posts {
            predictions.textAlone = try posts.predict(heads, parameters, pool: pool) {
                posts.all($0, alt: false, picture: false)
            }
            predictions.captioned = try posts.predict(heads, parameters, pool: pool) {
                posts.all($0, picture: false)
            }
            predictions.pictured = try posts.predict(
                heads, parameters, pool: pool, of: posts.posts.indices.filter { posts.posts[$0].image != nil }
            ) { posts.all($0) }
        }
        if let pictured {
            predictions.pictured += try pictured.predict(heads, parameters, pool: pool) { pictured.all($0) }
            predictions.unpictured = try pictured.predict(heads, parameters, pool: pool) {
                pictured.all($0, alt: false, picture: false)
            }
        }
        if let photographs {
            predictions.photographs = try photographs.predict(heads, parameters, pool: pool) { photographs.all($0) }
        }
        return predictions
    }

    /// Whether there is an entity that somebody has looked for.
    var canTell: Bool {
        [posts, pictured, photographs].contains { set in
            set?.posts.contains { $0.entities.contains { $0.isVisible != nil || !$0.boxes.isEmpty } } ?? false
        }
    }

    /// Gate and boxes in one number: the mean of the gates' AUC, and half of the mean of what boxes hit, where boxes are learned.
    func evaluate(
        _ heads: GroundingHeads, _ parameters: TrainableParameters, pool: WorkerPool
    ) throws(TrainingError) -> Evaluation {
        let predictions = try predict(heads, parameters, pool: pool)
        var scalars: [Evaluation.Scalar] = []
        var gates: [Double] = []
        let sets = [
            ("text", predictions.textAlone), ("captions", predictions.captioned),
            ("pictures", predictions.pictured), ("no_pictures", predictions.unpictured),
            ("photographs", predictions.photographs),
        ]
        for (name, part) in sets where !part.isEmpty {
            let score = VisibilityScore(part, calibration: Calibration())
            guard score.count > 0 else { continue }
            gates.append(score.auc)
            scalars.append(Evaluation.Scalar("\(name)_accuracy", score.accuracy))
            scalars.append(Evaluation.Scalar("\(name)_auc", score.auc))
        }
        guard canTell else { return Evaluation(score: nil, scalars: []) }
        var score = gates.reduce(0, +) / Double(max(gates.count, 1))
        var hits: [Double] = []
        for (name, part) in [("", predictions.photographs), ("pictured_", predictions.pictured)] {
            let boxed = part.filter { !$0.entity.boxes.isEmpty }
            if boxed.isEmpty { continue }
            func share(_ boxed: [EvidencePrediction]) -> Double {
                Double(boxed.count(where: \.isHit)) / Double(max(boxed.count, 1))
            }
            scalars.append(Evaluation.Scalar("\(name)people", share(boxed.filter(\.entity.isPerson))))
            scalars.append(Evaluation.Scalar("\(name)all", share(boxed)))
            hits.append(share(boxed))
        }
        // What learns from no box is not chosen by boxes either.
        if heads.box != nil { score += hits.reduce(0, +) / Double(2 * max(hits.count, 1)) }
        return Evaluation(score: score, scalars: scalars)
    }
}
