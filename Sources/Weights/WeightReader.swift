package import Files
/// Reads the tensors of a checkpoint by walking down its names, as `reader.at("encoder.layer.0").at("attention")`.
package struct WeightReader: Sendable {
    /// The checkpoint.
    package let file: SafetensorsFile
    private let prefix: String

    /// What follows the name of a matrix of int8 rows in the name of its scales.
    package static let rowScaleSuffix = ".row_scale"

    /// A reader at the top of a checkpoint's names.
    package init(_ file: SafetensorsFile) { self.init(file, prefix: "") }

    private init(_ file: SafetensorsFile, prefix: String) {
        self.file = file
        self.prefix = prefix
    }

    /// A reader below a name; components are joined by a full stop.
    package func at(_ name: String) -> WeightReader { WeightReader(file, prefix: path(name)) }

    /// The full name of a tensor below this reader.
    package func path(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }

    /// The tensor of that name, or `nil`.
    package func entry(_ name: String) -> TensorEntry? { file.tensors[path(name)] }

    /// Fills `out` with a matrix as F32, converted from F32, F16, BF16 or int8 rows.
    ///
    /// A tensor of more than two extents is a matrix of its outermost by all others, as the weight of a convolution
    /// is when it is multiplied; a vector is a matrix of one row, or of one column.
    ///
    /// - Throws: ``FileError`` that names the tensor when it is not there, of another shape or type, or holds what is
    ///   not finite.
    package func float32(
        _ name: String, rows: Int, columns: Int, into out: inout MutableSpan<Float>
    ) throws(FileError) {
        let tensor = try tensor(name, rows, columns)
        guard out.count == tensor.count else {
            throw failure(name, "has \(tensor.count) elements, but there is room for \(out.count)")
        }
        let scales = tensor.type == .int8 ? try rowScales(name, rows: rows) : nil
        var pieces = file.pieces(of: tensor, row: scales == nil ? 1 : columns)
        while let piece = try pieces.next() {
            var part = out._mutatingExtracting(piece)
            if let scales {
                let rows = piece.lowerBound / columns..<piece.upperBound / columns
                Conversion.read(
                    int8: pieces.bytes, scales: scales.span.extracting(rows), columns: columns, into: &part)
                continue
            }
            try checkFinite(name, tensor, piece, pieces.bytes)
            guard Conversion.read(tensor.type, pieces.bytes, into: &part) else { throw unreadable(name, tensor) }
        }
    }

    /// Throws ``FileError`` where ``float32(_:rows:columns:into:)`` would, but for numbers that are not finite: those are
    /// not looked at.
    package func check(_ name: String, rows: Int, columns: Int) throws(FileError) {
        let tensor = try tensor(name, rows, columns)
        switch tensor.type {
        case .float32, .float16, .bfloat16: return
        case .int8: _ = try rowScaleEntry(name, rows: rows)
        default: throw unreadable(name, tensor)
        }
    }

    /// Throws ``FileError`` where a tensor holds what is not finite: the tensor's name and the place are in it. Says
    /// nothing of its shape or type.
    package func checkFinite(_ name: String) throws(FileError) {
        guard let tensor = entry(name) else { throw failure(name, "is missing") }
        if tensor.type == .int8, let scales = entry(name + Self.rowScaleSuffix), scales.type == .float32 {
            _ = try checkedScales(name + Self.rowScaleSuffix, scales)
        }
        // Whole numbers are what they are.
        guard [.float32, .float16, .bfloat16].contains(tensor.type) else { return }
        var pieces = file.pieces(of: tensor)
        while let piece = try pieces.next() { try checkFinite(name, tensor, piece, pieces.bytes) }
    }

    /// The same of a piece of a tensor.
    private func checkFinite(
        _ name: String, _ tensor: TensorEntry, _ piece: Range<Int>, _ bytes: RawSpan
    ) throws(FileError) {
        guard let index = FiniteCheck.first(tensor.type, bytes) else { return }
        let value = Conversion.element(tensor.type, bytes, at: index) ?? .nan
        throw failure(name, FiniteCheck.problem(value, at: piece.lowerBound + index, in: tensor.shape))
    }

    /// A matrix of F32 where it lies in a mapped file, or `nil` if it is of another type or not aligned there.
    package func mapped(_ name: String, rows: Int, columns: Int) throws(FileError) -> TensorView<Float>? {
        let tensor = try tensor(name, rows, columns)
        guard tensor.type == .float32, let mapped = file.mapped(tensor, as: Float.self) else { return nil }
        try checkFinite(name)
        return mapped
    }

    /// A matrix of int8 rows as it is kept: `NAME` of type I8 and `NAME.row_scale` of type F32.
    package func int8Rows(_ name: String, rows: Int, columns: Int) throws(FileError) -> Int8Rows {
        let tensor = try tensor(name, rows, columns)
        guard tensor.type == .int8, let values = try file.copied(tensor, as: Int8.self) else {
            throw failure(name, "is \(tensor.type.rawValue), not int8 rows")
        }
        return Int8Rows(values: values, scales: try rowScales(name, rows: rows))
    }

    /// The scales of a matrix of int8 rows.
    private func rowScales(_ name: String, rows: Int) throws(FileError) -> [Float] {
        try checkedScales(name + Self.rowScaleSuffix, rowScaleEntry(name, rows: rows))
    }

    /// Where they are.
    private func rowScaleEntry(_ name: String, rows: Int) throws(FileError) -> TensorEntry {
        let name = name + Self.rowScaleSuffix
        let entry = try tensor(name, 1, rows)
        guard entry.type == .float32 else { throw failure(name, "is \(entry.type.rawValue), not F32") }
        return entry
    }

    private func checkedScales(_ name: String, _ entry: TensorEntry) throws(FileError) -> [Float] {
        let bytes = try file.bytes(of: entry)
        var scales = [Float](repeating: 0, count: entry.count)
        var span = scales.mutableSpan
        _ = unsafe Conversion.read(entry.type, bytes.span.bytes, into: &span)
        if let index = FiniteCheck.first(ofScales: scales.span) {
            throw failure(name, FiniteCheck.problem(scales[index], at: index, in: entry.shape))
        }
        return scales
    }

    /// The tensor of a name, if it is a matrix of that shape.
    private func tensor(_ name: String, _ rows: Int, _ columns: Int) throws(FileError) -> TensorEntry {
        guard let tensor = entry(name) else { throw failure(name, "is missing") }
        let shape = tensor.shape
        let fits: Bool
        if shape.count >= 2 {
            // Tokens that every sequence gets are kept as a batch of one: [1, rows, columns].
            let outermost = shape.count > 2 && shape[0] == 1 ? shape[1] : shape[0]
            fits = (shape[0] == rows || outermost == rows) && tensor.count == rows * columns
        } else {
            fits = rows * columns == shape.first ?? 1 && (rows == 1 || columns == 1)
        }
        guard fits else { throw failure(name, "has shape \(shape), not [\(rows), \(columns)]") }
        return tensor
    }

    private func unreadable(_ name: String, _ tensor: TensorEntry) -> FileError {
        failure(name, "is \(tensor.type.rawValue), not one of F32, F16, BF16 and int8 rows")
    }

    private func failure(_ name: String, _ problem: String) -> FileError {
        FileError(file.path, .tensor(path(name)), problem)
    }
}
