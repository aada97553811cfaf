import Kernels

/// Scratch memory of one worker: a stack of matrices in a few reservations.
///
/// Reservations are address space, not memory: pages become resident when first written and are used again by the next
/// post. The first is enough for nearly every post, so that a worker allocates nothing more; what does not fit goes into
/// others, which are given back when the stack is empty.
final class Workspace {
    /// A matrix in the workspace: where it starts, and its shape.
    struct Matrix: MatrixValue, Sendable {
        /// Place on the stack: the reservation's number times ``Workspace/span``, and the place in it.
        let offset: Int
        let rows: Int
        let columns: Int
        fileprivate let lease: Lease
        var count: Int { rows * columns }
        /// The same with room for the last of the groups of rows that products like.
        var wholeCount: Int { wholeRows(rows) * columns }
    }

    /// Places of a reservation on the stack: more than any can have.
    private static let span = 1 << 40

    /// Floats of a reservation, unless a matrix needs more.
    private let size: Int
    private var blocks: [FloatReservation] = []
    private var leases = LeaseStack()
    private(set) var top = 0

    /// Reserves address space for `size` floats; more is reserved, at least as much at a time, where a post needs it.
    init(size: Int) throws(ShapeError) {
        self.size = size
        blocks = [try Self.reserve(size)]
    }

    private static func reserve(_ count: Int) throws(ShapeError) -> FloatReservation {
        guard let block = FloatReservation(count: count) else {
            throw ShapeError("workspace", expected: "address space for \(count) floats", got: "none")
        }
        return block
    }

    /// Room for a matrix on top of the stack; its contents are whatever was there.
    func allocate(rows: Int, columns: Int) throws(ShapeError) -> Matrix {
        let needed = try Self.floats(rows: rows, columns: columns)
        if top % Self.span + needed > blocks[top / Self.span].count { try openNext(needed) }
        let matrix = Matrix(offset: top, rows: rows, columns: columns, lease: leases.begin(at: top))
        top = end(of: matrix)
        return matrix
    }

    /// Room that a matrix takes, padding included.
    private static func floats(rows: Int, columns: Int) throws(ShapeError) -> Int {
        let sides = 0..<1 << 30
        guard sides.contains(rows), sides.contains(columns), (rows + 3) * columns < span / 2 else {
            throw ShapeError("workspace", expected: "a matrix that fits", got: "\(rows)×\(columns)")
        }
        return (rows + 3) * columns + 16
    }

    /// Goes on in the next reservation, which has room for `needed` floats.
    private func openNext(_ needed: Int) throws(ShapeError) {
        let next = top / Self.span + 1
        if next == blocks.count {
            blocks.append(try Self.reserve(max(size, needed)))
        } else if blocks[next].count < needed {
            // Nothing lies there: it is above the top.
            blocks[next] = try Self.reserve(needed)
        }
        top = next * Self.span
    }

    private func block(of matrix: Matrix) -> FloatReservation { blocks[matrix.offset / Self.span] }

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
        if mark == 0, blocks.count > 1 { blocks.removeLast(blocks.count - 1) }
    }

    /// Moves a matrix down to `mark` and forgets everything else above it.
    func keep(_ matrix: Matrix, at mark: Int) throws(ShapeError) -> Matrix {
        // Held, as it may be among those that are given back.
        let source = block(of: matrix)
        release(to: mark)
        let kept = try allocate(rows: matrix.rows, columns: matrix.columns)
        let target = block(of: kept)
        if source === target {
            target.move(from: matrix.offset % Self.span, to: kept.offset % Self.span, count: matrix.count)
        } else {
            let start = matrix.offset % Self.span
            target.copy(source.read(start..<start + matrix.count), to: kept.offset % Self.span)
        }
        return kept
    }

    /// A matrix's numbers, with whatever fills its last group of rows if asked for the whole.
    @_lifetime(borrow self)
    func read(_ matrix: Matrix, whole: Bool = false) -> Span<Float> {
        check(matrix)
        let block = block(of: matrix)
        return unsafe _overrideLifetime(block.read(range(of: matrix, whole: whole)), borrowing: self)
    }

    /// A matrix's numbers, as an array.
    func array(_ matrix: Matrix) -> [Float] {
        check(matrix)
        return block(of: matrix).array(range(of: matrix))
    }

    /// Copies rows from elsewhere into a matrix, from its row `row` on.
    func copy(_ values: Span<Float>, to matrix: Matrix, row: Int = 0) {
        check(matrix)
        block(of: matrix).copy(values, to: matrix.offset % Self.span + row * matrix.columns)
    }

    /// A matrix's numbers, to be written. Matrices never overlap, so several may be written and read at once.
    @_lifetime(borrow self)
    func write(_ matrix: Matrix, whole: Bool = false) -> MutableSpan<Float> {
        check(matrix)
        let block = block(of: matrix)
        return unsafe _overrideLifetime(block.write(range(of: matrix, whole: whole)), borrowing: self)
    }

    /// Where a matrix lies in its reservation.
    private func range(of matrix: Matrix, whole: Bool = false) -> Range<Int> {
        let start = matrix.offset % Self.span
        return start..<start + (whole ? matrix.wholeCount : matrix.count)
    }

    /// Stops a debug build where a matrix was forgotten; one without elements has nothing that could be wrong.
    @inline(__always)
    private func check(_ matrix: Matrix) {
        if matrix.count > 0 { matrix.lease.check() }
    }
}
