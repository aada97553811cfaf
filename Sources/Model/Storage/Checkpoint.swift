import Files
import SystemPackage
import Kernels
import Weights

/// The weight files of a model, and where each parameter is found in them.
///
/// The files stay open as long as this is held, so that what is loaded later is of the files that were checked; one that
/// was written over since is refused.
package struct Checkpoint: Sendable {
    private let readers: [WeightReader]

    /// Weight files that are open.
    init(_ files: [SafetensorsFile]) { readers = files.map { WeightReader($0) } }

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
                do throws(FileError) {
                    try reader.check(name, rows: rows, columns: columns)
                } catch {
                    throw ModelError(error)
                }
            }
        }
    }

    /// Says which number of a layout is none to compute with; a pass over all of them.
    package func checkNumbers(_ layout: ParameterLayout) throws(ModelError) {
        for entry in layout.entries {
            for name in entry.names {
                let (reader, _) = try find(name, entry)
                do throws(FileError) {
                    try reader.checkFinite(name)
                } catch {
                    throw ModelError(error)
                }
            }
        }
        try requireUnchanged()
    }

    /// The numbers of a layout: tables stay int8 rows where they are, everything else becomes F32.
    package func load(_ layout: ParameterLayout) throws(ModelError) -> ParameterValues {
        try check(layout)
        var tables: [Int: ParameterValues.Place] = [:]
        for entry in layout.entries where entry.kind == .table && entry.names.count == 1 {
            tables[entry.parameter.index] = try rows(of: entry).map(ParameterValues.Place.rows)
        }
        let values = try ParameterValues(layout, placed: tables) { entry, span throws(ModelError) in
            if let grid = entry.positionGrid {
                try readPositions(entry, grid: grid, &span)
                return
            }
            let rows = entry.parameter.rows / entry.names.count
            let size = rows * entry.parameter.columns
            for (index, name) in entry.names.enumerated() {
                let (reader, _) = try find(name, entry)
                var part = span._mutatingExtracting(index * size..<(index + 1) * size)
                do throws(FileError) {
                    try reader.float32(name, rows: rows, columns: entry.parameter.columns, into: &part)
                } catch {
                    throw ModelError(error)
                }
            }
        }
        try requireUnchanged()
        return values
    }

    /// The same files without those that a layout needs nothing of.
    package func files(for layout: ParameterLayout) -> Checkpoint {
        let names = layout.entries.flatMap(\.names)
        return Checkpoint(readers: readers.filter { reader in names.contains { reader.entry($0) != nil } })
    }

    private init(readers: [WeightReader]) { self.readers = readers }

    private func requireUnchanged() throws(ModelError) {
        for reader in readers {
            do throws(FileError) {
                try reader.file.requireUnchanged()
            } catch {
                throw ModelError(error)
            }
        }
    }

    /// A table as int8 rows; `nil` where it is kept in another way.
    private func rows(of entry: ParameterLayout.Entry) throws(ModelError) -> Int8Rows? {
        let (reader, tensor) = try find(entry.names[0], entry)
        guard tensor.type == .int8 else { return nil }
        do throws(FileError) {
            return try reader.int8Rows(entry.names[0], rows: entry.parameter.rows, columns: entry.parameter.columns)
        } catch {
            throw ModelError(error)
        }
    }

    private func find(
        _ name: String, _ entry: ParameterLayout.Entry
    ) throws(ModelError) -> (WeightReader, TensorEntry) {
        for reader in readers {
            if let tensor = reader.entry(name) { return (reader, tensor) }
        }
        let place = readers.first { $0.file.path.lastComponent?.string == entry.file } ?? readers.last
        throw ModelError(FileError(place?.file.path ?? "", .tensor(name), "is missing"))
    }

    private func readPositions(
        _ entry: ParameterLayout.Entry, grid: Int, _ span: inout MutableSpan<Float>
    ) throws(ModelError) {
        let (reader, tensor) = try find(entry.names[0], entry)
        let columns = entry.parameter.columns
        var table = [Float](repeating: 0, count: tensor.count)
        do throws(FileError) {
            var all = table.mutableSpan
            try reader.float32(entry.names[0], rows: tensor.count / columns, columns: columns, into: &all)
        } catch {
            throw ModelError(error)
        }
        let resampled = try PositionTable.resample(table, columns: columns, grid: grid)
        for (index, value) in resampled.enumerated() { span[index] = value }
    }
}
