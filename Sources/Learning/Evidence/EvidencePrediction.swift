import Model
import Kernels
package import Geometry

/// What a model says of one entity whose truth is known.
package struct EvidencePrediction: Sendable, Equatable {
    /// Position of the post in its set.
    package var post: Int
    /// The truth.
    package var entity: EvidencePost.Entity
    /// The gate's logit.
    package var logit: Float
    /// The box, where there was a picture and something told where.
    package var box: RelativeBox?
    /// The logit of the box's trust, where there is a box.
    package var trust: Float?
    /// Whether there were other candidates for the box.
    var isChosen = false

    /// Whether the box hits one of the right ones: overlap above one half.
    package var isHit: Bool {
        guard let box else { return false }
        return entity.boxes.contains { $0.overlap(box) > 0.5 }
    }
}

extension EvidenceSet {
    /// What a model says of all entities.
    ///
    /// - Parameters:
    ///   - of: Positions of posts; `nil` for all.
    ///   - shown: What of each post the model gets to see.
    func predict(
        _ heads: GroundingHeads, _ parameters: TrainableParameters, pool: WorkerPool, of chosen: [Int]? = nil,
        shown: @Sendable (Int) -> Shown
    ) throws(TrainingError) -> [EvidencePrediction] {
        let order = chosen ?? Array(posts.indices)
        do throws(ShapeError) {
            return try pool.map(order.count, batches: 16) { (range) throws(ShapeError) in
                let chosen = Array(order[range])
                return try predict(chosen, chosen.map(shown), heads, Tape(parameters))
            }
        } catch {
            throw TrainingError(error)
        }
    }

    private func predict(
        _ chosen: [Int], _ shown: [Shown], _ heads: GroundingHeads, _ tape: Tape
    ) throws(ShapeError) -> [EvidencePrediction] {
        let result = try heads.ground(batch(chosen, shown, on: tape), on: tape)
        let logits = tape.array(result.visible)
        var predictions: [EvidencePrediction] = []
        for post in chosen {
            for entity in posts[post].entities {
                predictions.append(
                    EvidencePrediction(post: post, entity: entity, logit: logits[predictions.count]))
            }
        }
        for case (let answer?, let place) in zip(try result.answers(on: tape), result.pictured) {
            predictions[Int(place)].box = answer.box
            predictions[Int(place)].trust = answer.trust
            predictions[Int(place)].isChosen = answer.isChosen
        }
        return predictions
    }
}
