package import Model

/// The learned matrices of a model while it is being trained: one flat run of F32, in the order of the layout.
///
/// Workers read it during a step; only the optimiser writes it, between steps.
package final class TrainableParameters: Sendable {
    /// What the matrices are, and what files call them.
    package let layout: ParameterLayout
    let values: FloatBuffer
    private let starts: [Int]
    private let frozenFlags: [Bool]

    /// Fills every parameter with its declared initial values.
    ///
    /// - Parameters:
    ///   - seed: decides the random ones; each parameter has a stream of its own, so that adding one changes no other.
    ///   - frozen: parameters that training leaves alone. They cost no gradient work.
    package init(
        layout: ParameterLayout, seed: UInt64, frozen: (ParameterLayout.Entry) -> Bool = { _ in false }
    ) {
        self.layout = layout
        var starts = [0]
        for entry in layout.entries { starts.append(starts[starts.count - 1] + entry.parameter.count) }
        self.starts = starts
        frozenFlags = layout.entries.map(frozen)
        values = FloatBuffer(count: starts[starts.count - 1])
        for entry in layout.entries { write(entry.parameter, entry.initialValues(seed: seed).span) }
    }

    /// Number of learned values.
    package var count: Int { values.count }

    /// Whether training leaves a parameter alone.
    package func isFrozen(_ parameter: Parameter) -> Bool { frozenFlags[parameter.index] }

    /// Where a parameter lies in the flat run.
    func range(_ parameter: Parameter) -> Range<Int> {
        starts[parameter.index]..<starts[parameter.index] + parameter.count
    }

    func block(_ parameter: Parameter) -> FloatView { values[range(parameter)] }

    /// A copy of a parameter's values, row by row.
    package func read(_ parameter: Parameter) -> [Float] {
        let block = block(parameter)
        return (0..<block.count).map { block[$0] }
    }

    /// Sets a parameter's values, `rows × columns` of them.
    package func write(_ parameter: Parameter, _ numbers: Span<Float>) {
        block(parameter).copy(from: numbers)
    }

    /// Takes over what is there under the same names and in the same shape.
    package func takeOver(_ values: ParameterValues) {
        let known = values.layout.byNames
        for entry in layout.entries {
            guard let parameter = known[entry.names], parameter.rows == entry.parameter.rows,
                parameter.columns == entry.parameter.columns
            else { continue }
            write(entry.parameter, values.array(parameter).span)
        }
    }
}
