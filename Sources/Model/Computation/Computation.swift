package import Kernels

/// A matrix held by a ``Computation``: a handle, not the numbers.
package protocol MatrixValue {
    var rows: Int { get }
    var columns: Int { get }
}

/// The operations that models are written in.
///
/// Every network of the package is written once, against this protocol. ``Evaluator`` runs it for answers, in one
/// workspace without allocation; the tape of the `Learning` target runs the same lines and remembers what it needs
/// to go backward. So what is trained is what is served.
///
/// All matrices are row-major `Float`; a row is a token, a column a feature.
package protocol Computation: AnyObject {
    associatedtype Value: MatrixValue

    /// A matrix that nothing is learned through: pixels, word shapes, frozen features.
    func constant(rows: Int, columns: Int, _ values: Span<Float>) throws(ShapeError) -> Value

    /// A copy of the numbers of a value, through which nothing is learned: for what chooses among rows.
    func array(_ x: Value) -> [Float]

    /// Rows of a table by index: `out[i] = table[indices[i]]`, `indices.count × table.columns`.
    func gather(_ table: Parameter, _ indices: [Int32]) throws(ShapeError) -> Value

    /// Rows of a value by index (a row may be taken several times, or not at all).
    func gather(_ x: Value, _ indices: [Int32]) throws(ShapeError) -> Value

    /// `activation(x · weightᵀ + bias)`; `weight` is `outputs × inputs`, as checkpoints store it.
    func linear(_ x: Value, _ layer: Linear, _ activation: Activation) throws(ShapeError) -> Value

    /// Layer normalisation of each row (Ba et al. 2016).
    func normalize(_ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value

    /// `x + y`.
    func add(_ x: Value, _ y: Value) throws(ShapeError) -> Value

    /// `x + y ⊙ scale` with one factor a column (LayerScale, Touvron et al. 2021); `scale` is `1 × columns`.
    func add(_ x: Value, _ y: Value, columnScale: Parameter) throws(ShapeError) -> Value

    /// `x ⊙ y`, element by element.
    func multiply(_ x: Value, _ y: Value) throws(ShapeError) -> Value

    /// `x − y`.
    func subtract(_ x: Value, _ y: Value) throws(ShapeError) -> Value

    /// An element-wise function.
    func apply(_ activation: Activation, _ x: Value) throws(ShapeError) -> Value

    /// The slope by `x` of what has the slope `slope` by `linear(x, layer, .identity)`: `slope · weight`. Nothing is learned
    /// through this and the next two: they are for answers that are told by slopes.
    func linearBackward(_ slope: Value, _ layer: Linear) throws(ShapeError) -> Value

    /// The slope by `x` of what has the slope `slope` by `normalize(x, norm)`.
    func normalizeBackward(_ slope: Value, _ x: Value, _ norm: LayerNorm) throws(ShapeError) -> Value

    /// The slope by `x` of what has the slope `slope` by `apply(activation, x)`.
    func applyBackward(_ slope: Value, _ activation: Activation, _ x: Value) throws(ShapeError) -> Value

    /// Multi-head attention of each sequence within itself. `packed` is `rows × 3·width`, `[q | k | v]`;
    /// `lengths` cuts the rows into sequences. `relativeBias` is `(2·L−1) × heads` for some `L` not below the
    /// longest sequence: row `j − i + L − 1` is added to the scaled scores of query `i` and key `j`.
    func selfAttention(_ packed: Value, heads: Int, lengths: [Int], relativeBias: Value?) throws(ShapeError) -> Value

    /// Multi-head attention from the rows of `queries` (`width` columns) to `keysValues` (`2·width`, `[k | v]`),
    /// group by group: group `g` has `queryLengths[g]` and `keyLengths[g]` rows. A group without keys gives zeros.
    func crossAttention(
        _ queries: Value, _ keysValues: Value, heads: Int, queryLengths: [Int], keyLengths: [Int]
    ) throws(ShapeError) -> Value

    /// Scalar products of each query with all keys of its group, times `scale`: `queries.rows × keysPerGroup`. Group
    /// `g` has `queryLengths[g]` rows of `queries`, and rows `g · keysPerGroup …` of `keys`.
    func products(
        _ queries: Value, _ keys: Value, queryLengths: [Int], keysPerGroup: Int, scale: Float
    ) throws(ShapeError) -> Value

    /// Scalar products of each query with each key of its group, times `scale`: a number for each pair, one below the other.
    func pairProducts(
        _ queries: Value, _ keys: Value, _ groups: PairGroups, scale: Float
    ) throws(ShapeError) -> Value

    /// Sums of each query's keys, weighted by its pairs: `groups.queryCount × x.columns`. Without keys, zeros.
    func pairSums(_ weights: Value, _ x: Value, _ groups: PairGroups) throws(ShapeError) -> Value

    /// Softmax of each query's pairs over its keys, or of each key's over its queries.
    func pairSoftmax(_ x: Value, _ groups: PairGroups, over side: PairGroups.Side) throws(ShapeError) -> Value

    /// Shares of those of a query's keys whose similarity is above a threshold; see ``SimilarityFilter``.
    ///
    /// - Parameters:
    ///   - x: Similarities, one a pair.
    ///   - threshold: `1 × 1`.
    func filterPairs(
        _ x: Value, _ groups: PairGroups, threshold: Value, temperature: Float, epsilon: Float
    ) throws(ShapeError) -> Value

    /// Pulls the numbers of each key's pairs towards their mean over its queries: `x + w (mean − x)`; `weights` has one `w` a
    /// key, `groups.keyCount × 1`.
    func levelPairs(_ x: Value, _ groups: PairGroups, by weights: Value) throws(ShapeError) -> Value

    /// A sample of independent normal distributions in training (Kingma & Welling 2014, 2.4), their mean otherwise.
    ///
    /// - Parameter logVariance: Logarithms of the variances, held within ``LogVariance/range``.
    func sample(_ mean: Value, logVariance: Value) throws(ShapeError) -> Value

    /// `x + α y` with `α = min(limit · |x| / |y|, 1)`, sequence by sequence; lengths are those of all of its numbers.
    func boundedSum(_ x: Value, _ y: Value, limit: Float, lengths: [Int]) throws(ShapeError) -> Value

    /// The mean of the rows in each range: `ranges.count × columns`. An empty range gives zeros.
    func mean(_ x: Value, over ranges: [Range<Int>]) throws(ShapeError) -> Value

    /// Some columns of each row: `x.rows × range.count`.
    func columns(_ x: Value, _ range: Range<Int>) throws(ShapeError) -> Value

    /// Each row times a number of its own: `out[i] = factors[i] · x[i]`; `factors` is `x.rows × 1`.
    func scaleRows(_ x: Value, by factors: Value) throws(ShapeError) -> Value

    /// Each row divided by its length. A row of zeros stays one, and nothing is learned through it.
    func unitRows(_ x: Value) throws(ShapeError) -> Value

    /// The scalar product of each row of `x` with the same row of `y`: `x.rows × 1`. Of unit rows, the cosine.
    func rowProducts(_ x: Value, _ y: Value) throws(ShapeError) -> Value

    /// Columns side by side; all of the same number of rows.
    func concatenateColumns(_ values: [Value]) throws(ShapeError) -> Value

    /// Rows on top of each other; all of the same number of columns.
    func concatenateRows(_ values: [Value]) throws(ShapeError) -> Value

    /// The rows in each window of pictures side by side: `windows.outputRows × area · x.columns`.
    func windows(_ x: Value, _ windows: WindowShape) throws(ShapeError) -> Value

    /// A convolution that leaves channels apart; see ``Kernels/convolveChannels``.
    func convolveChannels(
        _ x: Value, _ layer: ChannelConvolution, _ windows: WindowShape, _ activation: Activation
    ) throws(ShapeError) -> Value

    /// Drops elements in training (scaled by `1/(1−rate)`), leaves them alone otherwise.
    func dropout(_ x: Value, rate: Float) throws(ShapeError) -> Value

    /// Runs a block of layers whose intermediate values nobody needs afterwards, so that their room can be used again;
    /// with `replacing`, that value's room too.
    func block(replacing: Value?, _ body: () throws(ShapeError) -> Value) throws(ShapeError) -> Value
}
