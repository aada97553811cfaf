import Kernels
import SystemPackage
import Weights

/// The numbers of a layout's parameters, read-only and shared by all workers.
package final class ParameterValues: Sendable {
    /// Where a parameter's numbers are.
    enum Place: Sendable {
        /// In memory, from this float of the block on.
        case block(Int)
        /// The same, in ``WeightOrder/panels``.
        case panels(Int)
        /// int8 rows: a table that becomes F32 row by row, when looked up, so that a vocabulary costs a quarter of the
        /// memory.
        case rows(Int8Rows)
    }

    /// The layout that these are the numbers of.
    package let layout: ParameterLayout
    private let block: FloatReservation
    private let places: [Place]

    /// Numbers at given places; those in memory are written by a function, parameter by parameter, and matrices that
    /// are multiplied then brought into the order that products want.
    init(
        _ layout: ParameterLayout, placed: [Int: Place], order: WeightOrder = .preferred,
        _ write: (ParameterLayout.Entry, inout MutableSpan<Float>) throws(ModelError) -> Void
    ) throws(ModelError) {
        self.layout = layout
        var places: [Place] = []
        var end = 0
        for entry in layout.entries {
            if let place = placed[entry.parameter.index] {
                places.append(place)
            } else {
                places.append(entry.kind == .matrix && order == .panels ? .panels(end) : .block(end))
                // Each starts with a cache line.
                end += (entry.parameter.count + 15) / 16 * 16
            }
        }
        guard let block = FloatReservation(count: end) else {
            throw ModelError(.unsupported, "no memory for \(end) parameters", shortage: .noMemory)
        }
        var rows: [Float] = []
        for (entry, place) in zip(layout.entries, places) {
            let parameter = entry.parameter
            switch place {
            case .block(let offset):
                var span = block.write(offset..<offset + parameter.count)
                try write(entry, &span)
            case .panels(let offset):
                if rows.count < parameter.count { rows = [Float](repeating: 0, count: parameter.count) }
                var all = rows.mutableSpan
                var span = all._mutatingExtracting(0..<parameter.count)
                try write(entry, &span)
                var panels = block.write(offset..<offset + parameter.count)
                try Self.pack(&panels, span.span, parameter)
            case .rows: break
            }
        }
        self.places = places
        self.block = block
    }

    private static func pack(
        _ out: inout MutableSpan<Float>, _ rows: Span<Float>, _ matrix: Parameter
    ) throws(ModelError) {
        do throws(ShapeError) {
            try packPanels(&out, rows: rows, outputs: matrix.rows, inputs: matrix.columns)
        } catch {
            throw ModelError(.invalid, error.description)
        }
    }

    /// Numbers that a function writes, parameter by parameter.
    package convenience init(
        _ layout: ParameterLayout,
        write: (ParameterLayout.Entry, inout MutableSpan<Float>) throws(ModelError) -> Void
    ) throws(ModelError) {
        try self.init(layout, placed: [:], write)
    }

    /// Random numbers, the same for the same seed.
    package convenience init(_ layout: ParameterLayout, seed: UInt64) throws(ModelError) {
        try self.init(layout) { entry, span in
            for (index, value) in entry.initialValues(seed: seed).enumerated() { span[index] = value }
        }
    }

    /// A parameter's matrix, row by row (``order(of:)`` says where not); empty for a table that is stored as int8 rows.
    @_lifetime(borrow self)
    package func matrix(_ parameter: Parameter) -> Span<Float> {
        switch places[parameter.index] {
        case .block(let offset), .panels(let offset):
            let block = block
            return unsafe _overrideLifetime(block.read(offset..<offset + parameter.count), borrowing: self)
        case .rows: return Span()
        }
    }

    /// How a matrix that is multiplied lies in memory.
    func order(of parameter: Parameter) -> WeightOrder {
        if case .panels = places[parameter.index] { .panels } else { .rows }
    }

    /// The numbers of a layer, put together here: where they are used, that crashes the optimiser.
    @_lifetime(borrow self)
    func weights(_ layer: Linear) -> LinearWeights {
        let bias: Span<Float>? = if let bias = layer.bias { matrix(bias) } else { nil }
        return LinearWeights(matrix(layer.weight), order: order(of: layer.weight), bias: bias)
    }

    /// A parameter's numbers as F32, row by row, however they are kept.
    package func array(_ parameter: Parameter) -> [Float] {
        if case .rows(let rows) = places[parameter.index] {
            let values = rows.values.span
            let scales = rows.scales.span
            return (0..<parameter.count).map { Float(values[$0]) * scales[$0 / parameter.columns] }
        }
        let span = matrix(parameter)
        let (order, outputs, inputs) = (order(of: parameter), parameter.rows, parameter.columns)
        return (0..<outputs).flatMap { output in
            (0..<inputs).map { span[order.index(output: output, input: $0, outputs: outputs, inputs: inputs)] }
        }
    }

    /// Rows of a table: `indices.count × table.columns`.
    func gatherRows(
        _ out: inout MutableSpan<Float>, of table: Parameter, _ indices: Span<Int32>
    ) throws(ShapeError) {
        if case .rows(let rows) = places[table.index] {
            try Kernels.gatherRows(
                &out, table: rows.values.span, rowScales: rows.scales.span, indices: indices, columns: table.columns)
        } else {
            try Kernels.gatherRows(&out, table: matrix(table), indices: indices, columns: table.columns)
        }
    }
}
