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

/// Rows within a larger matrix: where the first begins in a span, how many they are, and how far apart.
struct Region {
    var start = 0
    var rows: Int
    var columns: Int
    var stride: Int

    /// The elements of one of the rows.
    func row(_ index: Int) -> Range<Int> { start &+ index &* stride..<start &+ index &* stride &+ columns }

    /// Stops the program unless all rows lie within `count` elements: what C is handed is checked here.
    func check(within count: Int) {
        precondition(start >= 0 && rows >= 0 && columns >= 0 && columns <= stride)
        precondition(rows == 0 || start + (rows - 1) * stride + columns <= count)
    }
}

/// An element-wise function.
package enum Activation: Sendable, Hashable {
    /// `x`.
    case identity
    case relu
    /// `x`, held between 0 and 6 (Sandler et al. 2018).
    case relu6
    /// `x`, a hundredth of it below 0 (Maas et al. 2013).
    case leakyRelu
    /// `x·Φ(x)` by the error function.
    case gelu
    case tanh
    case sigmoid
}
