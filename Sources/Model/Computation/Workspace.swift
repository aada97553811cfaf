import Kernels

/// Scratch memory of one worker: a stack of matrices in one reservation.
///
/// The reservation is address space, not memory: pages become resident when first written and are used again by the
/// next post, so a worker that has seen its largest post allocates nothing more.
final class Workspace {
    /// A matrix in the workspace: where it starts, and its shape.
    struct Matrix: MatrixValue, Sendable {
        let offset: Int
        let rows: Int
        let columns: Int
        fileprivate let lease: Lease
        var count: Int { rows * columns }
        var range: Range<Int> { offset..<offset + count }
        /// The same with room for the last of the groups of rows that products like.
        var wholeRange: Range<Int> { offset..<offset + wholeCount }
        var wholeCount: Int { wholeRows(rows) * columns }
    }

    private let block: FloatReservation
    private var leases = LeaseStack()
    private(set) var top = 0

    /// Reserves address space for `capacity` floats.
    init(capacity: Int) throws(ShapeError) {
        guard let block = FloatReservation(count: capacity) else {
            throw ShapeError("workspace", expected: "address space for \(capacity) floats", got: "none")
        }
        self.block = block
    }

    /// Room for a matrix on top of the stack; its contents are whatever was there.
    func allocate(rows: Int, columns: Int) throws(ShapeError) -> Matrix {
        let matrix = Matrix(offset: top, rows: rows, columns: columns, lease: leases.begin(at: top))
        let end = end(of: matrix)
        guard rows >= 0, columns >= 0, end <= block.count else {
            throw ShapeError("workspace", expected: "at most \(block.count) floats", got: "\(end)")
        }
        top = end
        return matrix
    }

    /// Whether nothing lies above a matrix.
    func isTop(_ matrix: Matrix) -> Bool {
        end(of: matrix) == top
    }

    /// Matrices start with cache lines, so that vector loads never straddle two.
    private func end(of matrix: Matrix) -> Int {
        matrix.offset + (matrix.wholeCount + 15) / 16 * 16
    }

    /// Forgets everything above `mark`; what lay there must not be read or written any more.
    func release(to mark: Int) {
        leases.end(from: mark)
        top = mark
    }

    /// Moves a matrix down to `mark` and forgets everything else above it.
    func keep(_ matrix: Matrix, at mark: Int) throws(ShapeError) -> Matrix {
        release(to: mark)
        let kept = try allocate(rows: matrix.rows, columns: matrix.columns)
        block.move(from: matrix.offset, to: kept.offset, count: matrix.count)
        return kept
    }

    /// A matrix's numbers, with whatever fills its last group of rows if asked for the whole.
    @_lifetime(borrow self)
    func read(_ matrix: Matrix, whole: Bool = false) -> Span<Float> {
        check(matrix)
        let block = block
        return unsafe _overrideLifetime(block.read(whole ? matrix.wholeRange : matrix.range), borrowing: self)
    }

    /// A matrix's numbers, as an array.
    func array(_ matrix: Matrix) -> [Float] {
        check(matrix)
        return block.array(matrix.range)
    }

    /// Copies rows from elsewhere into a matrix, from its row `row` on.
    func copy(_ values: Span<Float>, to matrix: Matrix, row: Int = 0) {
        check(matrix)
        block.copy(values, to: matrix.offset + row * matrix.columns)
    }

    /// A matrix's numbers, to be written. Matrices never overlap, so several may be written and read at once.
    @_lifetime(borrow self)
    func write(_ matrix: Matrix, whole: Bool = false) -> MutableSpan<Float> {
        check(matrix)
        let block = block
        return unsafe _overrideLifetime(block.write(whole ? matrix.wholeRange : matrix.range), borrowing: self)
    }

    /// Stops a debug build where a matrix was forgotten; one without elements has nothing that could be wrong.
    @inline(__always)
    private func check(_ matrix: Matrix) {
        if matrix.count > 0 { matrix.lease.check() }
    }
}
