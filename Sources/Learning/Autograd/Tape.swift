import Model
package import Kernels
package import Randomness

/// Reverse mode over the kernels: runs a model forward, remembers how to go backward, and does.
///
/// Each operation is one method that computes its result and records, right there, what its gradient does to the
/// gradients of its operands. Nothing is recorded for results that no learned value feeds into, so frozen layers
/// below the first trained one cost no backward work. One tape serves one thread; its memory is reused step by step.
///
/// ```swift
/// tape.reset(dropout: SeededGenerator(seed: 7, stream: step))
/// let loss = try tape.crossEntropy(model.score(batch, on: tape), targets)
/// try tape.backward(loss, scale: 1 / Float(batch.count))
/// ```
package final class Tape: Computation {
    /// A result on the tape.
    package struct Value: MatrixValue, Sendable {
        /// Rows of the matrix.
        package let rows: Int
        /// Columns of the matrix.
        package let columns: Int
        let node: Int
        var count: Int { rows * columns }
    }

    private struct Node {
        let value: FloatView
        var gradient: FloatView?
        let needsGradient: Bool
    }

    typealias Backward = (FloatView) throws(ShapeError) -> Void

    let parameters: TrainableParameters
    /// Where gradients of parameters go; `nil` on a tape that only computes.
    let gradients: GradientStore?
    let arena = FloatArena()
    /// Random stream of dropout.
    var dropoutStream: SeededGenerator?
    private var nodes: [Node] = []
    private var steps: [(node: Int, backward: Backward)] = []

    /// A tape for training.
    ///
    /// - Parameter gradients: collects the gradients of the parameters.
    package init(_ parameters: TrainableParameters, gradients: GradientStore) {
        self.parameters = parameters
        self.gradients = gradients
    }

    /// A tape that computes and forgets, for evaluation.
    package init(_ parameters: TrainableParameters) {
        self.parameters = parameters
        gradients = nil
    }

    /// Forgets everything computed so far; values from before must not be used any more.
    ///
    /// - Parameter dropout: random stream of the coming step; `nil` computes without dropout.
    package func reset(dropout: SeededGenerator? = nil) {
        nodes.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        arena.reset()
        dropoutStream = dropout
    }

    /// A copy of a value's numbers, row by row.
    package func array(_ x: Value) -> [Float] {
        let block = value(x)
        return (0..<block.count).map { block[$0] }
    }

    /// A copy of the gradient that the last ``backward(_:scale:)`` left at a constant; zeros if nothing flowed there.
    func readGradient(_ x: Value) -> [Float] {
        guard let block = nodes[x.node].gradient else { return Array(repeating: 0, count: x.count) }
        return (0..<block.count).map { block[$0] }
    }

    /// Goes backward from a `1 × 1` loss and adds `scale · ∂loss/∂θ` to the gradients.
    package func backward(_ loss: Value, scale: Float = 1) throws(ShapeError) {
        guard loss.count == 1 else {
            throw ShapeError("backward", expected: "a 1 × 1 loss", got: "\(loss.rows) × \(loss.columns)")
        }
        try backward(loss, seed: [scale])
    }

    /// Goes backward from a value whose gradient is given.
    func backward(_ x: Value, seed: [Float]) throws(ShapeError) {
        try require(seed.count == x.count, "backward", "\(x.count) slopes", "\(seed.count)")
        guard needsGradient(x) else { return }
        let start = arena.take(x.count)
        start.copy(from: seed.span)
        nodes[x.node].gradient = start
        while let step = steps.popLast() {
            guard let gradient = nodes[step.node].gradient else { continue }
            try step.backward(gradient)
            nodes[step.node].gradient = nil
            arena.give(gradient)
        }
    }

    /// Runs the lines of a block; on a tape that only computes, the room of all but its result is free afterwards.
    package func block(
        replacing: Value?, _ body: () throws(ShapeError) -> Value
    ) throws(ShapeError) -> Value {
        let first = nodes.count
        let result = try body()
        if gradients == nil {
            for node in first..<nodes.count where node != result.node { arena.give(nodes[node].value) }
            if let replacing { arena.give(value(replacing)) }
        }
        return result
    }
}

/// What the operations are made of.
extension Tape {
    func value(_ x: Value) -> FloatView { nodes[x.node].value }

    func needsGradient(_ x: Value) -> Bool { nodes[x.node].needsGradient }

    /// Whether a parameter's gradient is wanted on this tape.
    func needsGradient(_ parameter: Parameter) -> Bool { gradients?.wants(parameter) ?? false }

    /// A new value whose numbers are still to be written.
    func make(_ rows: Int, _ columns: Int, needsGradient: Bool) -> (value: Value, block: FloatView) {
        let block = arena.take(rows * columns)
        nodes.append(Node(value: block, gradient: nil, needsGradient: needsGradient))
        return (Value(rows: rows, columns: columns, node: nodes.count - 1), block)
    }

    /// Remembers how the gradient of `out` goes on to the operands.
    func record(_ out: Value, _ backward: @escaping Backward) {
        if nodes[out.node].needsGradient { steps.append((out.node, backward)) }
    }

    /// Lets `body` write a contribution to the gradient of `x`, which is then added to what is there already.
    /// `accumulates` tells it to add by itself.
    func contribute(
        to x: Value, _ body: (_ into: inout MutableSpan<Float>, _ accumulates: Bool) throws(ShapeError) -> Void
    ) throws(ShapeError) {
        guard needsGradient(x) else { return }
        let isFirst = nodes[x.node].gradient == nil
        var block = nodes[x.node].gradient ?? arena.take(x.count)
        nodes[x.node].gradient = block
        var span = block.mutableSpan
        try body(&span, !isFirst)
    }

    /// Lets `body` overwrite a block with a contribution to the gradient of `x`.
    func overwrite(
        gradientOf x: Value, _ body: (_ into: inout MutableSpan<Float>) throws(ShapeError) -> Void
    ) throws(ShapeError) {
        try contribute(to: x) { (into, accumulates) throws(ShapeError) in
            guard accumulates else { return try body(&into) }
            var block = arena.take(x.count)
            var span = block.mutableSpan
            try body(&span)
            try axpy(&into, block.span)
            arena.give(block)
        }
    }

    /// Lets `body` add a contribution to the gradient of `x`.
    func accumulate(
        gradientOf x: Value, _ body: (_ into: inout MutableSpan<Float>) throws(ShapeError) -> Void
    ) throws(ShapeError) {
        try contribute(to: x) { (into, accumulates) throws(ShapeError) in
            if !accumulates { into.update(repeating: 0) }
            try body(&into)
        }
    }

    /// Lets `body` add to the gradient of a dense parameter, if that is wanted.
    func accumulate(
        gradientOf parameter: Parameter, _ body: (_ into: inout MutableSpan<Float>) throws(ShapeError) -> Void
    ) throws(ShapeError) {
        guard let gradients, gradients.wants(parameter) else { return }
        var block = gradients.accumulator(parameter)
        var span = block.mutableSpan
        try body(&span)
    }

    /// Throws unless `condition` holds.
    func require(
        _ condition: Bool, _ operation: String, _ expected: @autoclosure () -> String, _ got: @autoclosure () -> String
    ) throws(ShapeError) {
        if !condition { throw ShapeError(operation, expected: expected(), got: got()) }
    }
}
