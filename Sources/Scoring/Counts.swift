/// What precision, recall and F1 are made of.
package struct Counts: Sendable, Equatable {
    /// Predictions that are right; never more than either of the others.
    package var correct: Int
    /// Predictions, those given twice included.
    package var predicted: Int
    /// Gold entities.
    package var gold: Int

    /// Counts, all 0 unless given.
    package init(correct: Int = 0, predicted: Int = 0, gold: Int = 0) {
        self.correct = correct
        self.predicted = predicted
        self.gold = gold
    }

    /// Share of predictions that are right; 0 where there are none.
    package var precision: Double { predicted > 0 ? Double(correct) / Double(predicted) : 0 }
    /// Share of gold entities that were found; 0 where there are none.
    package var recall: Double { gold > 0 ? Double(correct) / Double(gold) : 0 }
    /// Harmonic mean of the two: `2PR / (P + R)`, and 0 where that has no value.
    package var f1: Double { predicted + gold > 0 ? 2 * Double(correct) / Double(predicted + gold) : 0 }

    /// Adds counts of other posts.
    package static func += (left: inout Counts, right: Counts) {
        left.correct += right.correct
        left.predicted += right.predicted
        left.gold += right.gold
    }
}
