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
    /// - Throws: ``WeightsError`` that names the tensor when it is not there, of another shape or type, or holds what is
    ///   not finite.
    package func float32(
        _ name: String, rows: Int, columns: Int, into out: inout MutableSpan<Float>
    ) throws(WeightsError) {
        let tensor = try tensor(name, rows, columns)
        guard out.count == tensor.count else {
            throw failure(name, "has \(tensor.count) elements, but there is room for \(out.count)")
        }
        if tensor.type == .int8 {
            let matrix = try int8Rows(name, rows: rows, columns: columns)
            Conversion.read(
                int8: matrix.values.span, scales: matrix.scales.span, columns: columns, into: &out)
        } else {
            try checkFinite(name, tensor)
            guard Conversion.read(tensor.type, file.bytes(of: tensor), into: &out) else {
                throw unreadable(name, tensor)
            }
        }
    }

    /// Throws ``WeightsError`` where ``float32(_:rows:columns:into:)`` would, but for numbers that are not finite: those are
    /// not looked at.
    package func check(_ name: String, rows: Int, columns: Int) throws(WeightsError) {
        let tensor = try tensor(name, rows, columns)
        switch tensor.type {
        case .float32, .float16, .bfloat16: return
        case .int8: _ = try rowScales(name, rows: rows)
        default: throw unreadable(name, tensor)
        }
    }

    /// Throws ``WeightsError`` where a tensor holds what is not finite: the tensor's name and the place are in it. Says
    /// nothing of its shape or type.
    package func checkFinite(_ name: String) throws(WeightsError) {
        guard let tensor = entry(name) else { throw failure(name, "is missing") }
        if tensor.type == .int8, let scales = entry(name + Self.rowScaleSuffix), scales.type == .float32 {
            try checkScales(name + Self.rowScaleSuffix, MappedTensor(file, scales), scales)
        }
        try checkFinite(name, tensor)
    }

    private func checkFinite(_ name: String, _ tensor: TensorEntry) throws(WeightsError) {
        let bytes = file.bytes(of: tensor)
        guard let index = FiniteCheck.first(tensor.type, bytes) else { return }
        let value = Conversion.element(tensor.type, bytes, at: index) ?? .nan
        throw failure(name, FiniteCheck.problem(value, at: index, in: tensor.shape))
    }

    private func checkScales(
        _ name: String, _ scales: MappedTensor<Float>?, _ tensor: TensorEntry
    ) throws(WeightsError) {
        guard let scales, let index = FiniteCheck.first(ofScales: scales.span) else { return }
        throw failure(name, FiniteCheck.problem(scales.span[index], at: index, in: tensor.shape))
    }

    /// A matrix of F32 where it lies in the file, or `nil` if it is of another type or not aligned there.
    package func mapped(_ name: String, rows: Int, columns: Int) throws(WeightsError) -> MappedTensor<Float>? {
        let tensor = try tensor(name, rows, columns)
        guard tensor.type == .float32, let mapped = MappedTensor<Float>(file, tensor) else { return nil }
        try checkFinite(name, tensor)
        return mapped
    }

    /// A matrix of int8 rows where it lies in the file: `NAME` of type I8 and `NAME.row_scale` of type F32.
    package func int8Rows(_ name: String, rows: Int, columns: Int) throws(WeightsError) -> Int8Rows {
        let tensor = try tensor(name, rows, columns)
        guard tensor.type == .int8, let values = MappedTensor<Int8>(file, tensor) else {
            throw failure(name, "is \(tensor.type.rawValue), not int8 rows")
        }
        let (scales, scale) = try rowScales(name, rows: rows)
        try checkScales(name + Self.rowScaleSuffix, scales, scale)
        return Int8Rows(values: values, scales: scales)
    }

    /// The scales of a matrix of int8 rows, whatever they are.
    private func rowScales(
        _ name: String, rows: Int
    ) throws(WeightsError) -> (scales: MappedTensor<Float>, entry: TensorEntry) {
        let name = name + Self.rowScaleSuffix
        let entry = try tensor(name, 1, rows)
        guard entry.type == .float32, let scales = MappedTensor<Float>(file, entry) else {
            throw failure(name, "is not F32 at a multiple of four bytes")
        }
        return (scales, entry)
    }

    /// The tensor of a name, if it is a matrix of that shape.
    private func tensor(_ name: String, _ rows: Int, _ columns: Int) throws(WeightsError) -> TensorEntry {
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

    private func unreadable(_ name: String, _ tensor: TensorEntry) -> WeightsError {
        failure(name, "is \(tensor.type.rawValue), not one of F32, F16, BF16 and int8 rows")
    }

    private func failure(_ name: String, _ problem: String) -> WeightsError {
        WeightsError(file.path, tensor: path(name), problem)
    }
}
