package import Model
import Kernels

/// The gradients that one shard of a batch collects: dense matrices and vectors in one flat run, tables as the
/// rows that were touched.
///
/// Nothing is zeroed between steps: a dense gradient that has not been written in this step is overwritten by its
/// first writer, and skipped by the optimiser if there is none.
package final class GradientStore {
    let parameters: TrainableParameters
    private let dense: FloatBuffer
    private let starts: [Int]
    private var written: [Bool]
    private var tables: [Int: TouchedRows]

    /// Room for the gradients of everything that is not frozen.
    package init(_ parameters: TrainableParameters) {
        self.parameters = parameters
        var starts: [Int] = []
        var end = 0
        tables = [:]
        for entry in parameters.layout.entries {
            starts.append(end)
            guard !parameters.isFrozen(entry.parameter) else { continue }
            if entry.kind == .table {
                tables[entry.parameter.index] = TouchedRows(
                    rows: entry.parameter.rows, columns: entry.parameter.columns)
            } else {
                end += (entry.parameter.count + 15) & ~15
            }
        }
        self.starts = starts
        dense = FloatBuffer(count: end)
        written = Array(repeating: false, count: starts.count)
    }

    /// Forgets every gradient.
    package func reset() {
        for index in written.indices { written[index] = false }
        for table in tables.values { table.reset() }
    }

    /// Whether a gradient of this parameter is wanted.
    func wants(_ parameter: Parameter) -> Bool { !parameters.isFrozen(parameter) }

    /// Whether a dense gradient has a value in this step.
    func hasValue(_ parameter: Parameter) -> Bool { written[parameter.index] }

    func markWritten(_ parameter: Parameter) { written[parameter.index] = true }

    /// The dense gradient, to add to: zeros if this is the first use in this step.
    func accumulator(_ parameter: Parameter) -> FloatView {
        let block = block(parameter)
        if !written[parameter.index] {
            block.fill(0)
            written[parameter.index] = true
        }
        return block
    }

    /// The dense gradient as it lies in memory; meaningless unless ``hasValue(_:)``.
    func block(_ parameter: Parameter) -> FloatView {
        let start = starts[parameter.index]
        return dense[start..<start + parameter.count]
    }

    /// The touched rows of a table, `nil` if the parameter is frozen or no table.
    func rows(_ parameter: Parameter) -> TouchedRows? { tables[parameter.index] }

    /// A copy of a parameter's whole gradient, row by row; zeros where nothing was written.
    package func read(_ parameter: Parameter) -> [Float] {
        if let table = rows(parameter) {
            var all = Array(repeating: Float(0), count: parameter.count)
            for (slot, row) in table.rows.enumerated() {
                for column in 0..<table.columns {
                    all[Int(row) * table.columns + column] = table.values[slot * table.columns + column]
                }
            }
            return all
        }
        guard wants(parameter), hasValue(parameter) else { return Array(repeating: 0, count: parameter.count) }
        let block = block(parameter)
        return (0..<block.count).map { block[$0] }
    }
}

/// Gradients of the rows of one table that a step looked up.
final class TouchedRows {
    let columns: Int
    /// Which rows, in the order of their first use.
    private(set) var rows: [Int32] = []
    /// `rows.count × columns`.
    private(set) var values: [Float] = []
    /// Place of each row of the table in `rows`, −1 for untouched ones.
    private var slots: [Int32]

    init(rows: Int, columns: Int) {
        self.columns = columns
        slots = Array(repeating: -1, count: rows)
    }

    func reset() {
        for row in rows { slots[Int(row)] = -1 }
        rows.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }

    /// The places of these rows, made where there was none.
    func touch(_ indices: [Int32]) -> [Int32] {
        let places = indices.map { index in
            if slots[Int(index)] < 0 {
                slots[Int(index)] = Int32(rows.count)
                rows.append(index)
            }
            return slots[Int(index)]
        }
        let missing = rows.count * columns - values.count
        if missing > 0 { values.append(contentsOf: repeatElement(0, count: missing)) }
        return places
    }

    /// Adds row `i` of `gradient` to the gradient of table row `indices[i]`.
    func add(_ gradient: Span<Float>, at indices: [Int32]) {
        let places = touch(indices)
        var sums = values.mutableSpan
        for (source, place) in places.enumerated() {
            let from = source * columns
            let to = Int(place) * columns
            for column in 0..<columns { sums[to + column] += gradient[from + column] }
        }
    }

    /// Adds all of another shard's rows.
    func add(_ other: TouchedRows) {
        let gradients = other.values
        add(gradients.span, at: other.rows)
    }
}
