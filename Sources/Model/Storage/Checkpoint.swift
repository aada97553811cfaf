package import SystemPackage
import Kernels
import Weights

/// The weight files of a model, and where each parameter is found in them.
package struct Checkpoint: Sendable {
    private let readers: [WeightReader]

    /// Opens weight files; every header is checked.
    package init(_ paths: [FilePath]) throws(ModelError) {
        var readers: [WeightReader] = []
        for path in paths {
            do throws(WeightsError) {
                readers.append(WeightReader(try SafetensorsFile(path)))
            } catch {
                throw ModelError(.invalid, error.description)
            }
        }
        self.readers = readers
    }

    /// Names of all tensors, row scales included.
    package var names: Set<String> {
        Set(readers.flatMap { $0.file.tensors.keys })
    }

    /// Says what is missing, or of another shape or type, without reading any numbers.
    package func check(_ layout: ParameterLayout) throws(ModelError) {
        for entry in layout.entries {
            for name in entry.names {
                let (reader, tensor) = try find(name, entry)
                var rows = entry.parameter.rows / entry.names.count
                let columns = entry.parameter.columns
                if entry.positionGrid != nil {
                    _ = try PositionTable.side(
                        tensor.count, columns: columns, at: "\(reader.file.path): tensor \(name)")
                    rows = tensor.count / columns
                }
                do throws(WeightsError) {
                    try reader.check(name, rows: rows, columns: columns)
                } catch {
                    throw ModelError(.invalid, error.description)
                }
            }
        }
    }

    /// Says which number of a layout is none to compute with; a pass over all of them.
    package func checkNumbers(_ layout: ParameterLayout) throws(ModelError) {
        for entry in layout.entries {
            for name in entry.names {
                let (reader, _) = try find(name, entry)
                do throws(WeightsError) {
                    try reader.checkFinite(name)
                } catch {
                    throw ModelError(.invalid, error.description)
                }
            }
        }
    }

    /// The numbers of a layout: tables stay mapped where they are int8 rows, what is F32 stays mapped unless products
    /// want it in another order; everything else becomes F32 in memory.
    package func load(_ layout: ParameterLayout) throws(ModelError) -> ParameterValues {
        try check(layout)
        var mapped: [Int: ParameterValues.Place] = [:]
        for entry in layout.entries where entry.names.count == 1 && entry.positionGrid == nil {
            if entry.kind == .matrix && WeightOrder.preferred != .rows { continue }
            mapped[entry.parameter.index] = try place(entry)
        }
        return try ParameterValues(layout, mapped: mapped) { entry, span throws(ModelError) in
            if let grid = entry.positionGrid {
                try readPositions(entry, grid: grid, &span)
                return
            }
            let rows = entry.parameter.rows / entry.names.count
            let size = rows * entry.parameter.columns
            for (index, name) in entry.names.enumerated() {
                let (reader, _) = try find(name, entry)
                var part = span._mutatingExtracting(index * size..<(index + 1) * size)
                do throws(WeightsError) {
                    try reader.float32(name, rows: rows, columns: entry.parameter.columns, into: &part)
                } catch {
                    throw ModelError(.invalid, error.description)
                }
            }
        }
    }

    /// Where a parameter can be used as it lies in its file.
    private func place(_ entry: ParameterLayout.Entry) throws(ModelError) -> ParameterValues.Place? {
        let name = entry.names[0]
        let (reader, tensor) = try find(name, entry)
        let (rows, columns) = (entry.parameter.rows, entry.parameter.columns)
        do throws(WeightsError) {
            if entry.kind == .table, tensor.type == .int8 {
                return .rows(try reader.int8Rows(name, rows: rows, columns: columns))
            }
            return try reader.mapped(name, rows: rows, columns: columns).map(ParameterValues.Place.mapped)
        } catch {
            throw ModelError(.invalid, error.description)
        }
    }

    private func find(
        _ name: String, _ entry: ParameterLayout.Entry
    ) throws(ModelError) -> (WeightReader, TensorEntry) {
        for reader in readers {
            if let tensor = reader.entry(name) { return (reader, tensor) }
        }
        let place = readers.first { $0.file.path.lastComponent?.string == entry.file } ?? readers.last
        throw ModelError(.invalid, WeightsError(place?.file.path ?? "", tensor: name, "is missing").description)
    }

    private func readPositions(
        _ entry: ParameterLayout.Entry, grid: Int, _ span: inout MutableSpan<Float>
    ) throws(ModelError) {
        let (reader, tensor) = try find(entry.names[0], entry)
        let columns = entry.parameter.columns
        var table = [Float](repeating: 0, count: tensor.count)
        do throws(WeightsError) {
            var all = table.mutableSpan
            try reader.float32(entry.names[0], rows: tensor.count / columns, columns: columns, into: &all)
        } catch {
            throw ModelError(.invalid, error.description)
        }
        let resampled = try PositionTable.resample(table, columns: columns, grid: grid)
        for (index, value) in resampled.enumerated() { span[index] = value }
    }
}
