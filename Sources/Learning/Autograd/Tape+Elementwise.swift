package import Model
package import Kernels
import Geometry
import Randomness

extension Tape {
    /// `x + y`; the gradient goes to both.
    package func add(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        let out = try pointwise("add", x, y) { (out, x, y) throws(ShapeError) in try Kernels.add(&out, x, y) }
        record(out) { [self] (gradient) throws(ShapeError) in
            try pass(gradient, to: x)
            try pass(gradient, to: y)
        }
        return out
    }

    /// `x − y`; the gradient goes to `x`, its negative to `y`.
    package func subtract(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        let out = try pointwise("subtract", x, y) { (out, x, y) throws(ShapeError) in
            try Kernels.subtract(&out, x, y)
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            try pass(gradient, to: x)
            try accumulate(gradientOf: y) { (into) throws(ShapeError) in
                try axpy(&into, alpha: -1, gradient.span)
            }
        }
        return out
    }

    /// `x ⊙ y`; each factor gets the gradient times the other.
    package func multiply(_ x: Value, _ y: Value) throws(ShapeError) -> Value {
        let out = try pointwise("multiply", x, y) { (out, x, y) throws(ShapeError) in
            try Kernels.multiply(&out, x, y)
        }
        record(out) { [self] (gradient) throws(ShapeError) in
            let (left, right) = (value(x), value(y))
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try multiplyAdd(&into, gradient.span, right.span)
            }
            try accumulate(gradientOf: y) { (into) throws(ShapeError) in
                try multiplyAdd(&into, gradient.span, left.span)
            }
        }
        return out
    }

    /// `x + y ⊙ scale`, one factor a column.
    package func add(_ x: Value, _ y: Value, columnScale: Parameter) throws(ShapeError) -> Value {
        let (rows, columns) = (x.rows, x.columns)
        let wanted = needsGradient(x) || needsGradient(y) || needsGradient(columnScale)
        let (out, block) = make(rows, columns, needsGradient: wanted)
        var result = block
        var span = result.mutableSpan
        let (left, right) = (value(x), value(y))
        let scale = parameters.block(columnScale)
        try addScaledColumns(&span, left.span, right.span, columnScale: scale.span, rows: rows)
        record(out) { [self] (gradient) throws(ShapeError) in
            try pass(gradient, to: x)
            // The kernel makes both gradients at once: an unwanted one goes to a scratch block.
            let spareScale = arena.zeros(columns)
            let spare = arena.zeros(y.count)
            var scaleGradient = needsGradient(columnScale) ? gradients?.accumulator(columnScale) : nil
            if scaleGradient == nil { scaleGradient = spareScale }
            guard var into = scaleGradient else { return }
            var scaleSpan = into.mutableSpan
            var rightGradient = spare
            var rightSpan = rightGradient.mutableSpan
            try addScaledColumnsBackward(
                &rightSpan, scaleGradient: &scaleSpan, gradient.span, right.span, columnScale: scale.span, rows: rows)
            try pass(spare, to: y)
            arena.give(spare)
            arena.give(spareScale)
        }
        return out
    }

    /// An element-wise function; backward needs what went in.
    package func apply(_ activation: Activation, _ x: Value) throws(ShapeError) -> Value {
        if activation == .identity { return x }
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x))
        let source = value(x)
        block.copy(from: source)
        var result = block
        var span = result.mutableSpan
        activate(&span, activation)
        record(out) { [self] (gradient) throws(ShapeError) in
            // The gradient of the result is nobody else's: it becomes that of the operand in its own place.
            var slope = gradient
            var slopeSpan = slope.mutableSpan
            try activateBackward(&slopeSpan, preactivation: source.span, activation)
            try pass(gradient, to: x)
        }
        return out
    }

    /// `x` times a fixed number.
    package func scale(_ x: Value, by factor: Float) throws(ShapeError) -> Value {
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x))
        block.copy(from: value(x))
        var result = block
        var span = result.mutableSpan
        Kernels.scale(&span, by: factor)
        record(out) { [self] (gradient) throws(ShapeError) in
            try accumulate(gradientOf: x) { (into) throws(ShapeError) in
                try axpy(&into, alpha: factor, gradient.span)
            }
        }
        return out
    }

    /// Drops elements and keeps the mask; on a tape without a random stream, nothing is dropped.
    package func dropout(_ x: Value, rate: Float) throws(ShapeError) -> Value {
        guard rate > 0, var stream = dropoutStream else { return x }
        let mask = arena.take(x.count)
        var fresh = mask
        var drawn = fresh.mutableSpan
        dropoutMask(&drawn, rate: rate, &stream)
        dropoutStream = stream
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x))
        var result = block
        var span = result.mutableSpan
        let source = value(x)
        try Kernels.multiply(&span, source.span, mask.span)
        record(out) { [self] (gradient) throws(ShapeError) in
            try contribute(to: x) { (into, accumulates) throws(ShapeError) in
                if accumulates {
                    try multiplyAdd(&into, gradient.span, mask.span)
                } else {
                    try Kernels.multiply(&into, gradient.span, mask.span)
                }
            }
        }
        return out
    }

    private func pointwise(
        _ operation: String, _ x: Value, _ y: Value,
        _ kernel: (inout MutableSpan<Float>, Span<Float>, Span<Float>) throws(ShapeError) -> Void
    ) throws(ShapeError) -> Value {
        try require(
            x.rows == y.rows && x.columns == y.columns, operation, "\(x.rows) × \(x.columns)",
            "\(y.rows) × \(y.columns)")
        let (out, block) = make(x.rows, x.columns, needsGradient: needsGradient(x) || needsGradient(y))
        var result = block
        var span = result.mutableSpan
        let (left, right) = (value(x), value(y))
        try kernel(&span, left.span, right.span)
        return out
    }

    /// Adds `gradient` to that of `x`.
    func pass(_ gradient: FloatView, to x: Value) throws(ShapeError) {
        try contribute(to: x) { (into, accumulates) throws(ShapeError) in
            if accumulates { return try axpy(&into, gradient.span) }
            let source = gradient.span
            for index in source.indices { into[index] = source[index] }
        }
    }
}
