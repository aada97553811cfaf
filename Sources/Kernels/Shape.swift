/// A matrix had another shape than an operation needs.
package struct ShapeError: Error, Equatable, CustomStringConvertible {
    /// The operation, and which of its operands.
    package let operation: String
    /// The shape that was needed.
    package let expected: String
    /// The shape that was there.
    package let got: String

    /// A mismatch in one operation.
    package init(_ operation: String, expected: String, got: String) {
        self.operation = operation
        self.expected = expected
        self.got = got
    }

    /// One line for a person.
    package var description: String { "\(operation): expected \(expected), got \(got)" }
}

/// An element-wise function.
package enum Activation: Sendable, Hashable {
    /// `x`.
    case identity
    case relu
    /// `x·Φ(x)` by the error function.
    case gelu
    /// The tanh approximation of GELU (Hendrycks & Gimpel 2016).
    case geluTanh
    case tanh
    case sigmoid
}
