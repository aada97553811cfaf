/// How often tags, and moves from one to the next, occur in a sequence of words: counts of one sequence of tags, or the mean
/// of such counts over many, each as often as it is probable.
///
/// A ``CRF``'s scores are sums over such counts, so these are all that a loss has to know of what would be right.
package struct TagExpectations: Sendable, Equatable {
    /// The number of words.
    package let length: Int
    /// The number of tags.
    package let tags: Int
    /// `words × tags`: how probable each tag is at each word.
    package let occurrences: [Float]
    /// `tags × tags`, from row to column: how many moves of a kind are expected.
    package let moves: [Float]

    /// Counts by their numbers, `words × tags` and `tags × tags`; `nil` for too few or too many of them.
    package init?(length: Int, tags: Int, occurrences: [Float], moves: [Float]) {
        guard occurrences.count == length * tags, moves.count == tags * tags else { return nil }
        self.init(unchecked: length, tags, occurrences, moves)
    }

    fileprivate init(unchecked length: Int, _ tags: Int, _ occurrences: [Float], _ moves: [Float]) {
        self.length = length
        self.tags = tags
        self.occurrences = occurrences
        self.moves = moves
    }

    /// What one sequence holds of so many tags.
    ///
    /// - Throws: ``ShapeError`` for a tag that is none of them.
    package init(path: [Int32], tags: Int) throws(ShapeError) {
        var occurrences = [Float](repeating: 0, count: path.count * tags)
        var moves = [Float](repeating: 0, count: tags * tags)
        for (word, tag) in path.enumerated() {
            try check(
                tag >= 0 && tag < tags, "TagExpectations", expected: "tags below \(tags)", got: "\(tag)")
            occurrences[word * tags + Int(tag)] = 1
            if word > 0 { moves[Int(path[word - 1]) * tags + Int(tag)] += 1 }
        }
        self.init(unchecked: path.count, tags, occurrences, moves)
    }

    /// `share` of these, and the rest of others about the same words.
    ///
    /// - Throws: ``ShapeError`` where the others have other words or tags.
    package func mixed(_ share: Float, with others: TagExpectations) throws(ShapeError) -> TagExpectations {
        try check(
            others.length == length && others.tags == tags, "TagExpectations",
            expected: "\(length) words, \(tags) tags", got: "\(others.length) and \(others.tags)")
        func mix(_ ours: [Float], _ theirs: [Float]) -> [Float] {
            zip(ours, theirs).map { share * $0 + (1 - share) * $1 }
        }
        return TagExpectations(unchecked: length, tags, mix(occurrences, others.occurrences), mix(moves, others.moves))
    }
}

extension CRF {
    /// The score that sequences of tags have on average, not normalised; 0 without words.
    ///
    /// - Parameter emissions: `words × tags`.
    package func score(_ emissions: Span<Float>, _ expected: TagExpectations) throws(ShapeError) -> Double {
        let length = try self.length(emissions, "CRF.score")
        try check(
            expected.length == length && expected.tags == tags, "CRF.score", expected: "\(length) words, \(tags) tags",
            got: "\(expected.length) and \(expected.tags)")
        guard length > 0 else { return 0 }
        var score = 0.0
        // What never occurs counts for nothing, also where it is not allowed.
        func add(_ count: Float, _ value: Double) {
            if count != 0 { score += Double(count) * value }
        }
        for tag in 0..<tags {
            add(expected.occurrences[tag], start[tag])
            add(expected.occurrences[(length - 1) * tags + tag], end[tag])
        }
        for place in expected.occurrences.indices { add(expected.occurrences[place], Double(emissions[place])) }
        for move in expected.moves.indices { add(expected.moves[move], transitions[move]) }
        return score
    }
}

extension CRFLattice {
    /// What all sequences hold on average (Rabiner 1989, III.C: expected numbers of states and moves).
    package var expectations: TagExpectations {
        var occurrences = [Float](repeating: 0, count: length * tags)
        var moves = [Double](repeating: 0, count: tags * tags)
        for word in 0..<length {
            for tag in 0..<tags {
                occurrences[word * tags + tag] = Float(marginal(word, tag))
                guard word + 1 < length else { continue }
                for next in 0..<tags { moves[tag * tags + next] += marginal(word, tag, then: next) }
            }
        }
        return TagExpectations(unchecked: length, tags, occurrences, moves.map { Float($0) })
    }

    /// `log Z − score`, on average over what is expected, and its gradients, all of them added to.
    ///
    /// Of the counts of one sequence this is its negative log-likelihood. Of another chain's expectations it is the
    /// cross-entropy between its distribution over sequences and this one's, which is least where the two are the same:
    /// distillation of a whole chain (Hinton et al. 2015; Wang et al. 2020, "Structure-Level Knowledge Distillation", 3).
    /// The gradient by an emission is how probable the tag is here less how probable it should be; that by a move is the
    /// expected less the wanted count; start and end are the first and last word's.
    ///
    /// - Parameter weight: a factor for the gradients, as `1 / batch`.
    package func loss(
        _ wanted: TagExpectations, weight: Float = 1, emissionGradient: inout MutableSpan<Float>,
        transitionGradient: inout MutableSpan<Float>, startGradient: inout MutableSpan<Float>,
        endGradient: inout MutableSpan<Float>
    ) throws(ShapeError) -> Double {
        try check(emissionGradient.count, length, tags, "CRFLattice.loss", "emissionGradient")
        try check(transitionGradient.count, tags, tags, "CRFLattice.loss", "transitionGradient")
        try check(startGradient.count, 1, tags, "CRFLattice.loss", "startGradient")
        try check(endGradient.count, 1, tags, "CRFLattice.loss", "endGradient")
        let loss = try loss(wanted)
        let expected = expectations
        for place in expected.occurrences.indices {
            let gradient = weight * (expected.occurrences[place] - wanted.occurrences[place])
            let (word, tag) = place.quotientAndRemainder(dividingBy: tags)
            emissionGradient[place] += gradient
            if word == 0 { startGradient[tag] += gradient }
            if word == length - 1 { endGradient[tag] += gradient }
        }
        for move in expected.moves.indices {
            transitionGradient[move] += weight * (expected.moves[move] - wanted.moves[move])
        }
        return loss
    }

    /// The same without gradients.
    package func loss(_ wanted: TagExpectations) throws(ShapeError) -> Double {
        logPartition - (try score(wanted))
    }
}
