import Foundation
import Kernels
import Model
import Text

/// Names objects softly: a copy of what is being trained, taken from its running average now and then and frozen in
/// between, compares their patches with noun phrases.
///
/// The copy stands among the parameters, so that a checkpoint has it.
struct NounTeacher: Sendable {
    let words: WordReader
    let heads: MultiLevelHeads
    /// The phrases, one sequence each.
    let phrases: [PieceBatch]

    /// The phrases in the common space, by these parameters: unit rows, `phrases × width`.
    func nouns(_ parameters: TrainableParameters, pool: WorkerPool) throws(TrainingError) -> [Float] {
        do throws(ShapeError) {
            return try pool.map(phrases.count, batches: 64) { (range) throws(ShapeError) in
                var batch = PieceBatch()
                for phrase in phrases[range] { batch.append(phrase) }
                let tape = Tape(parameters)
                let states = try words.pieceStates(batch, on: tape)
                let pooled = try heads.shape.pooling.pool(states, lengths: batch.lengths, on: tape)
                return tape.array(try tape.unitRows(tape.linear(pooled, heads.sentence, .identity)))
            }
        } catch {
            throw TrainingError(error)
        }
    }

    /// Takes a copy of `source` into `parameters`, where training reads it.
    func copy(
        from source: TrainableParameters, into parameters: TrainableParameters, pool: WorkerPool
    ) throws(TrainingError) {
        let nouns = try nouns(source, pool: pool)
        parameters.write(heads.teacher.nouns, nouns.span)
        parameters.write(heads.teacher.picture.weight, source.read(heads.picture.weight).span)
        if let to = heads.teacher.picture.bias, let from = heads.picture.bias {
            parameters.write(to, source.read(from).span)
        }
    }

    /// How likely each phrase is what each object is: `softmax(o · w / temperature)`, a row an object.
    static func labels(
        of objects: Tape.Value, _ heads: MultiLevelHeads, temperature: Float, on tape: Tape
    ) throws(ShapeError) -> [Float] {
        let count = heads.shape.nouns
        let seen = try tape.unitRows(tape.linear(objects, heads.teacher.picture, .identity))
        let nouns = try tape.gather(heads.teacher.nouns, (0..<count).map(Int32.init))
        var labels = tape.array(try tape.scale(tape.similarities(seen, nouns), by: 1 / temperature))
        for row in 0..<objects.rows {
            let range = row * count..<(row + 1) * count
            let top = labels[range].max() ?? 0
            var sum: Float = 0
            for index in range {
                labels[index] = Float(exp(Double(labels[index] - top)))
                sum += labels[index]
            }
            for index in range { labels[index] /= sum }
        }
        return labels
    }
}
