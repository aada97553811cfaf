import Glibc

private let rootHalf: Float = 0.707_106_78
private let rootTwoOverPi: Float = 0.797_884_56
private let cubic: Float = 0.044_715

/// Applies an element-wise function in place.
public func activate(_ x: inout MutableSpan<Float>, _ activation: Activation) {
    switch activation {
    case .identity: break
    case .relu: for i in x.indices { x[i] = max(x[i], 0) }
    case .gelu: for i in x.indices { x[i] = 0.5 * x[i] * (1 + erff(x[i] * rootHalf)) }
    case .geluTanh:
        for i in x.indices {
            let u = x[i]
            x[i] = 0.5 * u * (1 + tanhf(rootTwoOverPi * (u + cubic * u * u * u)))
        }
    case .tanh: for i in x.indices { x[i] = tanhf(x[i]) }
    case .sigmoid: for i in x.indices { x[i] = 1 / (1 + expf(-x[i])) }
    }
}

/// Turns the gradient of an activation's output, `dx` on entry, into that of its input, `preactivation`.
///
/// - Throws: ``ShapeError`` when the two are not of the same size.
public func activateBackward(
    _ dx: inout MutableSpan<Float>, preactivation x: Span<Float>, _ activation: Activation
) throws(ShapeError) {
    try check(x.count, 1, dx.count, "activateBackward", "preactivation")
    switch activation {
    case .identity: break
    case .relu: for i in x.indices where x[i] <= 0 { dx[i] = 0 }
    case .gelu:
        for i in x.indices {
            let cumulative = 0.5 * (1 + erff(x[i] * rootHalf))
            dx[i] *= cumulative + x[i] * 0.398_942_28 * expf(-0.5 * x[i] * x[i])
        }
    case .geluTanh:
        for i in x.indices {
            let u = x[i], t = tanhf(rootTwoOverPi * (u + cubic * u * u * u))
            dx[i] *= 0.5 * (1 + t) + 0.5 * u * (1 - t * t) * rootTwoOverPi * (1 + 3 * cubic * u * u)
        }
    case .tanh:
        for i in x.indices {
            let t = tanhf(x[i])
            dx[i] *= 1 - t * t
        }
    case .sigmoid:
        for i in x.indices {
            let s = 1 / (1 + expf(-x[i]))
            dx[i] *= s * (1 - s)
        }
    }
}
