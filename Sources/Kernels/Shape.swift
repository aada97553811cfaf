/// A matrix had another shape than an operation needs.
public struct ShapeError: Error, Equatable, CustomStringConvertible {
    /// The operation, and which of its operands.
    public let operation: String
    public let expected: String
    public let got: String

    public init(_ operation: String, expected: String, got: String) {
        self.operation = operation
        self.expected = expected
        self.got = got
    }

    public var description: String { "\(operation): expected \(expected), got \(got)" }
}

/// An element-wise function.
public enum Activation: Sendable, Hashable {
    case identity
    case relu
    /// `x·Φ(x)` by the error function.
    case gelu
    /// The tanh approximation of GELU (Hendrycks & Gimpel 2016).
    case geluTanh
    case tanh
    case sigmoid
}
