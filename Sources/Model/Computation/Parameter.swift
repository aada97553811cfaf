/// One learned matrix of a model: a handle into its ``ParameterLayout``, where its names and its start are kept.
package struct Parameter: Sendable, Hashable {
    /// Position in the layout.
    package let index: Int
    /// Rows of the matrix.
    package let rows: Int
    /// Columns of the matrix.
    package let columns: Int
    /// Elements of the matrix.
    package var count: Int { rows * columns }
}

/// `y = x · weightᵀ + bias`; `weight` is `outputs × inputs`, `bias` has `outputs` numbers.
package struct Linear: Sendable {
    /// `outputs × inputs`.
    package let weight: Parameter
    /// `outputs` numbers, row by row.
    package let bias: Parameter?
}

/// Layer normalisation: `scale` and `shift` are `1 × columns`.
package struct LayerNorm: Sendable {
    /// `1 × columns`.
    package let scale: Parameter
    /// `1 × columns`.
    package let shift: Parameter
    /// Added to the variance.
    package let epsilon: Float
}

/// A convolution that leaves channels apart: a row of weights for each place of a window, line by line, and a bias.
package struct ChannelConvolution: Sendable {
    /// `places × channels`.
    package let weight: Parameter
    /// `1 × channels`.
    package let bias: Parameter
}

/// The learned matrices that a model consists of, in the order in which its parts declared them.
///
/// A model's initialiser walks this layout as it walks a checkpoint: `layout.at("encoder.layer.0")` prefixes names, so
/// that the names in a file can be read off the source.
package struct ParameterLayout: Sendable {
    /// How a parameter starts when no checkpoint has it.
    package enum Initial: Sendable, Equatable {
        case zeros
        case ones
        case constant(Float)
        case normal(deviation: Float)
    }

    /// What a parameter is to storage and to the optimiser.
    package enum Kind: Sendable, Equatable {
        /// Multiplied: may be stored as int8 rows, decays.
        case matrix
        /// Looked up by row: may be stored as int8 rows and stays so in memory; gradients are sparse.
        case table
        /// Bias, scale, shift: always F32, never decays.
        case vector
    }

    /// A parameter and where it comes from.
    package struct Entry: Sendable {
        /// The handle that models hold.
        package let parameter: Parameter
        /// Names in the checkpoint; several are stacked by rows (query, key and value of one attention).
        package let names: [String]
        /// Values without a checkpoint.
        package let initial: Initial
        /// What it is to storage and to the optimiser.
        package let kind: Kind
        /// Side of the square grid of a position table (its first row, CLS, lies outside the grid): a checkpoint's
        /// table of another size is resampled when it is read.
        package let positionGrid: Int?
        /// The weight file that a model keeps it in.
        package let file: String
    }

    /// Every parameter; its position is its ``Parameter/index``.
    package private(set) var entries: [Entry] = []
    private var prefix = ""
    /// The weight file that what is declared next belongs to: parts that are trained apart have files of their own.
    package var file = "model.safetensors"

    /// The weight files, in the order in which parameters were first declared for them.
    package var files: [String] {
        entries.reduce(into: []) { if !$0.contains($1.file) { $0.append($1.file) } }
    }

    /// Every parameter by the names that files have for it; the first of several under the same.
    package var byNames: [[String]: Parameter] {
        Dictionary(entries.map { ($0.names, $0.parameter) }, uniquingKeysWith: { first, _ in first })
    }

    /// A layout without parameters.
    package init() {}

    /// Declares under a prefix: `at("encoder") { … }`.
    package mutating func at<Part>(_ name: String, _ body: (inout ParameterLayout) -> Part) -> Part {
        let outer = prefix
        prefix = outer.isEmpty ? name : "\(outer).\(name)"
        defer { prefix = outer }
        return body(&self)
    }

    /// Declares under a prefix that may be empty.
    mutating func under<Part>(_ name: String, _ body: (inout ParameterLayout) -> Part) -> Part {
        name.isEmpty ? body(&self) : at(name, body)
    }

    /// Declares one parameter of `rows × columns`, stored under the given names below the current prefix.
    package mutating func parameter(
        _ names: [String], rows: Int, columns: Int, _ initial: Initial, _ kind: Kind,
        positionGrid: Int? = nil
    ) -> Parameter {
        let parameter = Parameter(index: entries.count, rows: rows, columns: columns)
        let full = names.map { prefix.isEmpty ? $0 : "\(prefix).\($0)" }
        entries.append(
            Entry(
                parameter: parameter, names: full, initial: initial, kind: kind, positionGrid: positionGrid,
                file: file))
        return parameter
    }

    /// `NAME.weight` and `NAME.bias`. Several names are stacked into one product.
    package mutating func linear(_ names: String..., inputs: Int, outputs: Int, bias: Bool = true) -> Linear {
        let weight = parameter(
            names.map { "\($0).weight" }, rows: outputs, columns: inputs, .normal(deviation: 0.02), .matrix)
        // A row for each name, so that a stack of biases comes apart as the stack of matrices does.
        let shift =
            bias
            ? parameter(
                names.map { "\($0).bias" }, rows: names.count, columns: outputs / names.count, .zeros, .vector)
            : nil
        return Linear(weight: weight, bias: shift)
    }

    /// `NAME.weight` and `NAME.bias` of a layer normalisation.
    package mutating func layerNorm(_ name: String, width: Int, epsilon: Float) -> LayerNorm {
        LayerNorm(
            scale: parameter(["\(name).weight"], rows: 1, columns: width, .ones, .vector),
            shift: parameter(["\(name).bias"], rows: 1, columns: width, .zeros, .vector),
            epsilon: epsilon)
    }

    /// `NAME.weight` and `NAME.bias` of a convolution that leaves channels apart. Few numbers in which much is at stake: kept
    /// as vectors are.
    package mutating func channelConvolution(_ name: String, places: Int, channels: Int) -> ChannelConvolution {
        ChannelConvolution(
            weight: parameter(["\(name).weight"], rows: places, columns: channels, .normal(deviation: 0.1), .vector),
            bias: parameter(["\(name).bias"], rows: 1, columns: channels, .zeros, .vector))
    }

    /// A vision transformer's positions: a row for CLS, then `grid²` rows.
    package mutating func positionTable(_ name: String, grid: Int, columns: Int, _ initial: Initial) -> Parameter {
        parameter([name], rows: 1 + grid * grid, columns: columns, initial, .vector, positionGrid: grid)
    }

    /// `NAME.weight`, a table looked up by row.
    package mutating func table(
        _ name: String, rows: Int, width: Int, _ initial: Initial = .normal(deviation: 0.02)
    ) -> Parameter {
        parameter(["\(name).weight"], rows: rows, columns: width, initial, .table)
    }
}
