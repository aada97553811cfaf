import Foundation
import Testing

@testable import Kernels

/// Repeatable numbers around zero (SplitMix64, Steele et al. 2014).
struct Numbers {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1
    }

    /// `count` numbers from −`scale` to `scale`.
    mutating func callAsFunction(_ count: Int, scale: Double = 1) -> [Float] {
        (0..<count).map { _ in Float(next() * scale) }
    }

    mutating func index(below bound: Int) -> Int { min(Int((next() + 1) / 2 * Double(bound)), bound - 1) }
}

/// The same numbers in double precision, for the references.
func wide(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// Runs a kernel on an output of `count` elements that are `start` before.
func output(
    _ count: Int, from start: Float = .nan, _ body: (inout MutableSpan<Float>) throws -> Void
) rethrows -> [Float] {
    var values = [Float](repeating: start, count: count)
    var span = values.mutableSpan
    try body(&span)
    return values
}

/// Runs a kernel that works in place.
func inPlace(_ values: [Float], _ body: (inout MutableSpan<Float>) throws -> Void) rethrows -> [Float] {
    var values = values
    var span = values.mutableSpan
    try body(&span)
    return values
}

/// Expects every element within `tolerance` of the reference, relative to the largest magnitude of it (at least 1).
func expectClose(
    _ values: [Float], _ reference: [Double], within tolerance: Double = 2e-6, _ what: String = "",
    at location: SourceLocation = #_sourceLocation
) {
    guard values.count == reference.count else {
        Issue.record("\(what): \(values.count) elements, not \(reference.count)", sourceLocation: location)
        return
    }
    let scale = max(reference.reduce(0) { max($0, abs($1)) }, 1)
    for (index, (value, expected)) in zip(values, reference).enumerated()
    where !(abs(Double(value) - expected) <= tolerance * scale) {
        Issue.record("\(what): \(value) at \(index), expected \(expected)", sourceLocation: location)
        return
    }
}

/// Expects a gradient to be that of `loss`, by central differences of the reference in double precision.
func expectGradient(
    _ gradient: [Float], at point: [Float], within tolerance: Double = 5e-6, _ what: String = "",
    location: SourceLocation = #_sourceLocation, of loss: ([Double]) -> Double
) {
    let step = 1e-5
    var point = wide(point)
    let reference = point.indices.map { index in
        let value = point[index]
        point[index] = value + step
        let above = loss(point)
        point[index] = value - step
        let below = loss(point)
        point[index] = value
        return (above - below) / (2 * step)
    }
    expectClose(gradient, reference, within: tolerance, what, at: location)
}

/// `Σ x ⊙ y`, the loss whose gradient for `x` is `y`.
func dot(_ x: [Double], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * Double($1.1) } }
