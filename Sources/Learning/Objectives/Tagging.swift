package import Kernels
package import Model
package import Text

/// What a head scored, and what would have been right.
package struct Tagging {
    /// The head's rows: one pass, or two of the same batch with different dropout; or one after each layer.
    package let passes: [TagScores<Tape.Value>]
    /// Gold tag of each word, sequence by sequence; of entities that overlap, the first.
    package let tags: [Int32]
    /// Words of each sequence.
    package let lengths: [Int]
    /// All entities of each sequence.
    package let spans: [[TagSet.Span]]
    /// What a teacher makes of each sequence's gold tags; `nil` where there is none.
    package let taught: [TagExpectations?]

    /// Scores of posts.
    init(_ passes: [TagScores<Tape.Value>], of examples: some Sequence<TaggerExample>) {
        self.passes = passes
        tags = examples.flatMap(\.tags)
        lengths = examples.map(\.tags.count)
        spans = examples.map(\.spans)
        taught = examples.map(\.taught)
    }
}

extension Tagging {
    /// What is wanted of each sequence: what a teacher makes of its gold tags, or else they alone.
    ///
    /// - Parameter tags: how many there are.
    func wanted(tags: Int) throws(ShapeError) -> [TagExpectations] {
        try zip(lengths.ranges, taught).map { (words, taught) throws(ShapeError) in
            if let taught { return taught }
            return try TagExpectations(path: Array(self.tags[words]), tags: tags)
        }
    }

    /// The sum of the losses of all passes; `nil` without any.
    func sum(
        on tape: Tape, _ loss: (TagScores<Tape.Value>) throws(ShapeError) -> Tape.Value
    ) throws(ShapeError) -> Tape.Value? {
        var sum: Tape.Value?
        for scores in passes {
            let loss = try loss(scores)
            sum = try sum.map { sum throws(ShapeError) in try tape.add(sum, loss) } ?? loss
        }
        return sum
    }

    /// The mean of the losses of all passes; `nil` without any.
    func mean(
        on tape: Tape, _ loss: (TagScores<Tape.Value>) throws(ShapeError) -> Tape.Value
    ) throws(ShapeError) -> Tape.Value? {
        let sum = try sum(on: tape, loss)
        guard passes.count > 1 else { return sum }
        return try sum.map { sum throws(ShapeError) in try tape.scale(sum, by: 1 / Float(passes.count)) }
    }
}

/// A forward pass in which mentions are looked for.
package protocol TaggingForward {
    /// What was scored.
    var tagging: Tagging { get }
}

/// A head that can be trained. What its scores are learned by stands beside that objective, as a head's conformance to this.
package protocol LearnedHead: TagHead {
    /// The objective, with its name and weight.
    func likelihood<Forward: TaggingForward>() -> WeightedObjective<Forward>

    /// Whether two passes score the same things row by row, so that they can agree.
    var agrees: Bool { get }

    /// What is learned of words that are read once: the head's scores, of some after each layer.
    func passes(
        _ words: Tape.Value, lengths: [Int], evidence: ShownEvidence<Tape.Value>, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> [TagScores<Tape.Value>]
}

extension LearnedHead {
    package var agrees: Bool { true }

    package func passes(
        _ words: Tape.Value, lengths: [Int], evidence: ShownEvidence<Tape.Value>, dropout: Float, on tape: Tape
    ) throws(ShapeError) -> [TagScores<Tape.Value>] {
        [try score(words, lengths: lengths, evidence: evidence, dropout: dropout, on: tape)]
    }
}
