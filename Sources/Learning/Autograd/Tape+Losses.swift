import Foundation
package import Model
package import Kernels

/// Losses: `1 × 1` values to go backward from, each the sum over its rows.
extension Tape {
    /// Negative log-likelihood of tag sequences under a linear-chain CRF, summed over the sequences.
    ///
    /// `Σ (log Z − score(gold))` (Lafferty et al. 2001). Words that must not count (knowledge behind a separator)
    /// are simply not among the emissions: the chain runs over the words of the post alone.
    ///
    /// - Parameters:
    ///   - emissions: `words × tags`, sequence by sequence.
    ///   - tags: gold tag of each word.
    ///   - lengths: words of each sequence.
    ///   - transitions: `tags × tags`, from row to column; `start` and `end` are `1 × tags`.
    package func crfLoss(
        _ emissions: Value, tags: [Int32], lengths: [Int], transitions: Parameter, start: Parameter, end: Parameter
    ) throws(ShapeError) -> Value {
        let words = lengths.reduce(0, +)
        try require(tags.count == words, "crfLoss", "tags of \(words) words", "\(tags.count)")
        let wanted = try lengths.ranges.map { words throws(ShapeError) in
            try TagExpectations(path: Array(tags[words]), tags: emissions.columns)
        }
        return try crfLoss(emissions, wanted, transitions: transitions, start: start, end: end)
    }

    /// Cross-entropy between what is expected of tag sequences and a linear-chain CRF, summed over the sequences; see
    /// `CRFLattice.loss`.
    ///
    /// - Parameters:
    ///   - emissions: `words × tags`, sequence by sequence.
    ///   - wanted: what is expected of each sequence.
    ///   - transitions: `tags × tags`, from row to column; `start` and `end` are `1 × tags`.
    package func crfLoss(
        _ emissions: Value, _ wanted: [TagExpectations], transitions: Parameter, start: Parameter, end: Parameter
    ) throws(ShapeError) -> Value {
        let words = wanted.reduce(0) { $0 + $1.length }
        try require(emissions.rows == words, "crfLoss", "emissions of \(words) words", "\(emissions.rows)")
        let hasSlope = needsGradient(emissions) || needsGradient(transitions)
        let (out, block) = make(1, 1, needsGradient: hasSlope)
        let (moves, first, last) = (parameters.block(transitions), parameters.block(start), parameters.block(end))
        let crf = try CRF(transitions: moves.span, start: first.span, end: last.span)
        let source = value(emissions)
        let places = wanted.map(\.length).ranges.map { $0.lowerBound * crf.tags..<$0.upperBound * crf.tags }
        let lattices = try places.map { place throws(ShapeError) in try CRFLattice(crf, source.part(place).span) }
        var loss = 0.0
        for (lattice, wanted) in zip(lattices, wanted) { loss += try lattice.loss(wanted) }
        block.fill(Float(loss))
        record(out) { [self] (gradient) throws(ShapeError) in
            let emissionSlope = arena.zeros(emissions.count)
            let slopes = [transitions, start, end].map { arena.zeros($0.count) }
            var (transitionSlope, startSlope, endSlope) = (slopes[0], slopes[1], slopes[2])
            var transitionSpan = transitionSlope.mutableSpan
            var startSpan = startSlope.mutableSpan
            var endSpan = endSlope.mutableSpan
            for (place, (lattice, wanted)) in zip(places, zip(lattices, wanted)) {
                var part = emissionSlope.part(place)
                var partSpan = part.mutableSpan
                _ = try lattice.loss(
                    wanted, weight: gradient[0], emissionGradient: &partSpan, transitionGradient: &transitionSpan,
                    startGradient: &startSpan, endGradient: &endSpan)
            }
            try pass(emissionSlope, to: emissions)
            for (parameter, slope) in zip([transitions, start, end], slopes) {
                try accumulate(gradientOf: parameter) { (into) throws(ShapeError) in try axpy(&into, slope.span) }
                arena.give(slope)
            }
            arena.give(emissionSlope)
        }
        return out
    }

    /// Cross-entropy of each row's softmax against a class, weighted and summed: `−Σ wᵢ log softmax(xᵢ)[yᵢ]`.
    ///
    /// - Parameters:
    ///   - smoothing: share of the target spread evenly over all classes (Szegedy et al. 2016).
    ///   - weights: one a row; 1 each when `nil`.
    package func crossEntropy(
        _ logits: Value, _ classes: [Int32], smoothing: Float = 0, weights: [Float]? = nil
    ) throws(ShapeError) -> Value {
        try require(classes.count == logits.rows, "crossEntropy", "\(logits.rows) classes", "\(classes.count)")
        let columns = logits.columns
        for label in classes {
            try require(label >= 0 && label < columns, "crossEntropy", "classes below \(columns)", "\(label)")
        }
        var targets = Array(repeating: smoothing / Float(max(columns, 1)), count: logits.count)
        for (row, label) in classes.enumerated() { targets[row * columns + Int(label)] += 1 - smoothing }
        return try softCrossEntropy(logits, targets, weights: weights)
    }

    /// Cross-entropy of each row's softmax against a distribution, weighted and summed: `−Σᵢ wᵢ Σₖ qᵢₖ log pᵢₖ`.
    ///
    /// Less the entropy of `q`, which nothing learns from, this is the divergence KL(q‖p). Rows of `q` need not sum
    /// to 1; the gradient is `w (p Σq − q)`.
    package func softCrossEntropy(
        _ logits: Value, _ targets: [Float], weights: [Float]? = nil
    ) throws(ShapeError) -> Value {
        let columns = logits.columns
        return try softCrossEntropy(
            logits, targets, runs: (0..<logits.rows).map { $0 * columns..<($0 + 1) * columns }, weights: weights)
    }

    /// The same over runs of numbers that may be of different lengths, such as the candidates of each entity.
    ///
    /// - Parameter runs: Places of each softmax's numbers, row by row; none in two of them.
    package func softCrossEntropy(
        _ logits: Value, _ targets: [Float], runs: [Range<Int>], weights: [Float]? = nil
    ) throws(ShapeError) -> Value {
        try require(targets.count == logits.count, "softCrossEntropy", "\(logits.count) targets", "\(targets.count)")
        let weights = weights ?? Array(repeating: 1, count: runs.count)
        try require(weights.count == runs.count, "softCrossEntropy", "\(runs.count) weights", "\(weights.count)")
        try require(
            runs.allSatisfy { 0...logits.count ~= $0.upperBound }, "softCrossEntropy",
            "runs within \(logits.count) numbers", "\(runs.map(\.upperBound).max() ?? 0)")
        let (out, block) = make(1, 1, needsGradient: needsGradient(logits))
        let source = value(logits)
        let slope = arena.take(logits.count)
        slope.fill(0)
        var loss = 0.0
        for (range, weight) in zip(runs, weights) {
            let mass = range.reduce(Float(0)) { $0 + targets[$1] }
            for (index, logProbability) in zip(range, Self.logSoftmax(source, range)) {
                if targets[index] != 0 { loss -= Double(weight * targets[index]) * logProbability }
                slope[index] = weight * (Float(exp(logProbability)) * mass - targets[index])
            }
        }
        block.fill(Float(loss))
        recordSlope(out, logits, slope)
        return out
    }

    /// Binary cross-entropy of logits, weighted and summed: `Σ wᵢ (softplus(xᵢ) − yᵢ xᵢ)`; `y` may lie between 0 and 1.
    package func binaryCrossEntropy(
        _ logits: Value, _ targets: [Float], weights: [Float]? = nil
    ) throws(ShapeError) -> Value {
        try require(targets.count == logits.count, "binaryCrossEntropy", "\(logits.count) targets", "\(targets.count)")
        let weights = weights ?? Array(repeating: 1, count: logits.count)
        try require(weights.count == logits.count, "binaryCrossEntropy", "\(logits.count) weights", "\(weights.count)")
        let (out, block) = make(1, 1, needsGradient: needsGradient(logits))
        let source = value(logits)
        let slope = arena.take(logits.count)
        var loss = 0.0
        for index in 0..<logits.count {
            let x = Double(source[index])
            let softplus = max(x, 0) + log1p(exp(-abs(x)))
            loss += Double(weights[index]) * (softplus - Double(targets[index]) * x)
            slope[index] = weights[index] * (Float(1 / (1 + exp(-x))) - targets[index])
        }
        block.fill(Float(loss))
        recordSlope(out, logits, slope)
        return out
    }

    /// Half of KL(p‖q) + KL(q‖p) between the softmaxes of two values' rows, summed (R-Drop, Liang et al. 2021, eq. 2).
    package func symmetricDivergence(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        try require(
            x.rows == y.rows && x.columns == y.columns, "symmetricDivergence", "\(x.rows) × \(x.columns)",
            "\(y.rows) × \(y.columns)")
        let (out, block) = make(1, 1, needsGradient: needsGradient(x) || needsGradient(y))
        let (left, right) = (value(x), value(y))
        let (leftSlope, rightSlope) = (arena.take(x.count), arena.take(y.count))
        var loss = 0.0
        for row in 0..<x.rows {
            let range = row * x.columns..<(row + 1) * x.columns
            let (p, q) = (Self.logSoftmax(left, range), Self.logSoftmax(right, range))
            let forward = zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
            let backward = zip(p, q).reduce(0) { $0 + exp($1.1) * ($1.1 - $1.0) }
            loss += (forward + backward) / 2
            for (place, (p, q)) in zip(range, zip(p, q)) {
                leftSlope[place] = Float((exp(p) * (p - q - forward) + exp(p) - exp(q)) / 2)
                rightSlope[place] = Float((exp(q) * (q - p - backward) + exp(q) - exp(p)) / 2)
            }
        }
        block.fill(Float(loss))
        record(out) { [self] (gradient) throws(ShapeError) in
            for (operand, slope) in [(x, leftSlope), (y, rightSlope)] {
                try accumulate(gradientOf: operand) { (into) throws(ShapeError) in
                    try axpy(&into, alpha: gradient[0], slope.span)
                }
            }
        }
        return out
    }

    /// Logarithms of the softmax of a run of numbers.
    static func logSoftmax(_ block: FloatView, _ range: Range<Int>) -> [Double] {
        let top = range.reduce(-Float.infinity) { max($0, block[$1]) }
        let sum = range.reduce(0.0) { $0 + exp(Double(block[$1] - top)) }
        return range.map { Double(block[$0] - top) - log(sum) }
    }

    /// Records a `1 × 1` loss whose derivative by `x` is known already.
    func recordSlope(_ loss: Value, _ x: Value, _ slope: FloatView) {
        record(loss) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try axpy(&into, alpha: gradient[0], slope.span)
            }
        }
    }
}
