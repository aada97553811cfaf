import COpenBLAS

/// What one product of matrices is: `c = alpha · a · b + beta · c` with `a` of `rows × inner` and `b` of
/// `inner × columns`. With `beta` 0, `c` is not read.
package struct ProductShape: Sendable {
    /// Rows of `a` and of the result.
    package var rows: Int
    /// Columns of `b` and of the result.
    package var columns: Int
    /// Columns of `a`, rows of `b`.
    package var inner: Int
    /// Factor of the product.
    package var alpha: Float
    /// Factor of what the result holds before.
    package var beta: Float

    /// A product that overwrites, unless `beta` says otherwise.
    package init(rows: Int, columns: Int, inner: Int, alpha: Float = 1, beta: Float = 0) {
        self.rows = rows
        self.columns = columns
        self.inner = inner
        self.alpha = alpha
        self.beta = beta
    }
}

/// Where a matrix lies in a span: its first element, and how far its rows are apart.
struct Block {
    var offset = 0
    var stride: Int
    var transposed = false
}

/// One factor of a product: a block of the span that holds it.
struct Operand: ~Escapable {
    let span: Span<Float>
    let block: Block

    @_lifetime(copy span)
    init(_ span: Span<Float>, _ block: Block) {
        self.span = span
        self.block = block
    }
}

/// `c = alpha · op(a) · op(b) + beta · c`, row-major and without gaps between rows; `op` transposes where asked to. The
/// operation of `cblas_sgemm`.
///
/// - Throws: ``ShapeError`` where an operand is not of its shape.
package func gemm(
    _ c: inout MutableSpan<Float>, _ a: Span<Float>, _ b: Span<Float>, _ shape: ProductShape,
    transposeA: Bool = false, transposeB: Bool = false
) throws(ShapeError) {
    try check(a.count, shape.rows, shape.inner, "gemm", "a")
    try check(b.count, shape.inner, shape.columns, "gemm", "b")
    try check(c.count, shape.rows, shape.columns, "gemm", "c")
    product(
        &c, Block(stride: shape.columns),
        Operand(a, Block(stride: transposeA ? shape.rows : shape.inner, transposed: transposeA)),
        Operand(b, Block(stride: transposeB ? shape.inner : shape.columns, transposed: transposeB)), shape)
}

/// ``gemm`` on blocks of larger matrices, whose extents the caller has checked.
func product(
    _ c: inout MutableSpan<Float>, _ atC: Block, _ a: Operand, _ b: Operand, _ shape: ProductShape
) {
    let (rows, columns, inner) = (shape.rows, shape.columns, shape.inner)
    var beta = shape.beta
    if rows == 0 || columns == 0 { return }
    if inner == 0 || beta == 0 && (rows == 1 || columns == 1) {
        // gemv must not read what was never written, and a product over nothing is only the scaling of c.
        for row in 0..<rows {
            let start = atC.offset + row * atC.stride
            c.update(start..<start + columns) { old, _, _ in beta == 0 ? Lanes() : old * beta }
        }
        if inner == 0 { return }
        beta = 1
    }
    let m = blasint(rows), n = blasint(columns), k = blasint(inner), alpha = shape.alpha
    let (atA, atB) = (a.block, b.block)
    let lda = blasint(atA.stride), ldb = blasint(atB.stride), ldc = blasint(atC.stride)
    unsafe a.span.withUnsafeBufferPointer { a in
        unsafe b.span.withUnsafeBufferPointer { b in
            unsafe c.withUnsafeMutableBufferPointer { c in
                guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                let (x, y, z) = unsafe (a + atA.offset, b + atB.offset, c + atC.offset)
                if rows == 1 {
                    // A product with one row packs the whole matrix for nothing: read it once instead.
                    unsafe cblas_sgemv(
                        CblasRowMajor, atB.transposed ? CblasNoTrans : CblasTrans, atB.transposed ? n : k,
                        atB.transposed ? k : n, alpha, y, ldb, x, atA.transposed ? lda : 1, beta, z, 1)
                } else if columns == 1 {
                    unsafe cblas_sgemv(
                        CblasRowMajor, atA.transposed ? CblasTrans : CblasNoTrans, atA.transposed ? k : m,
                        atA.transposed ? m : k, alpha, x, lda, y, atB.transposed ? 1 : ldb, beta, z, ldc)
                } else {
                    unsafe cblas_sgemm(
                        CblasRowMajor, atA.transposed ? CblasTrans : CblasNoTrans,
                        atB.transposed ? CblasTrans : CblasNoTrans, m, n, k, alpha, x, lda, y, ldb, beta, z, ldc)
                }
            }
        }
    }
}
