import COpenBLAS

/// Where a matrix lies in a span: its first element, and how far its rows are apart.
struct Block {
    var offset = 0
    var stride: Int
    var transposed = false
}

/// `c = alpha · op(a) · op(b) + beta · c`, row-major; `op` transposes where asked to.
///
/// `op(a)` is `rows × inner`, `op(b)` is `inner × columns`, `c` is `rows × columns`. A stride is the distance of two
/// rows of a matrix as it is stored and is the matrix' own width unless given. With `beta` 0, `c` is not read.
/// The operation of `cblas_sgemm`.
///
/// - Throws: ``ShapeError`` where an operand is too short for its shape.
package func gemm(
    _ c: inout MutableSpan<Float>, _ a: Span<Float>, _ b: Span<Float>, rows: Int, columns: Int, inner: Int,
    transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1, beta: Float = 0,
    strideA: Int? = nil, strideB: Int? = nil, strideC: Int? = nil
) throws(ShapeError) {
    try check(
        rows >= 0 && columns >= 0 && inner >= 0, "gemm", expected: "sizes of zero or more",
        got: "\(rows) × \(inner) × \(columns)")
    let a1 = transposeA ? inner : rows, a2 = transposeA ? rows : inner
    let b1 = transposeB ? columns : inner, b2 = transposeB ? inner : columns
    let strideA = strideA ?? a2, strideB = strideB ?? b2, strideC = strideC ?? columns
    try check(a.count, a1, a2, stride: strideA, "gemm", "a")
    try check(b.count, b1, b2, stride: strideB, "gemm", "b")
    try check(c.count, rows, columns, stride: strideC, "gemm", "c")
    product(
        &c, Block(stride: strideC), a, Block(stride: strideA, transposed: transposeA),
        b, Block(stride: strideB, transposed: transposeB),
        rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
}

/// ``gemm`` on blocks of larger matrices, whose extents the caller has checked.
func product(
    _ c: inout MutableSpan<Float>, _ atC: Block, _ a: Span<Float>, _ atA: Block, _ b: Span<Float>, _ atB: Block,
    rows: Int, columns: Int, inner: Int, alpha: Float = 1, beta: Float = 0
) {
    if rows == 0 || columns == 0 { return }
    if inner == 0 || beta == 0 && (rows == 1 || columns == 1) {
        // gemv must not read what was never written, and a product over nothing is only the scaling of c.
        for row in 0..<rows {
            let start = atC.offset + row * atC.stride
            c.update(start..<start + columns) { old, _, _ in beta == 0 ? Lanes() : old * beta }
        }
        if inner == 0 { return }
        return product(
            &c, atC, a, atA, b, atB, rows: rows, columns: columns, inner: inner, alpha: alpha, beta: 1)
    }
    let m = blasint(rows), n = blasint(columns), k = blasint(inner)
    let lda = blasint(atA.stride), ldb = blasint(atB.stride), ldc = blasint(atC.stride)
    unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
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
