import Glibc
import Kernels

/// Scratch memory of one worker: a stack of matrices in one reservation.
///
/// The reservation is address space, not memory: pages become resident when first written and are used again by the
/// next post, so a worker that has seen its largest post allocates nothing more.
@safe
final class Workspace {
    /// A matrix in the workspace: where it starts, and its shape.
    struct Matrix: MatrixValue, Sendable {
        let offset: Int
        let rows: Int
        let columns: Int
        var count: Int { rows * columns }
    }

    private let base: UnsafeMutablePointer<Float>
    private let capacity: Int
    private(set) var top = 0

    /// Reserves address space for `capacity` floats.
    init(capacity: Int) throws(ShapeError) {
        let bytes = capacity * MemoryLayout<Float>.stride
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let address = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe address != MAP_FAILED
        else {
            throw ShapeError("workspace", expected: "\(bytes) bytes of address space", got: "none")
        }
        unsafe base = address.bindMemory(to: Float.self, capacity: capacity)
        self.capacity = capacity
    }

    deinit {
        unsafe munmap(base, capacity * MemoryLayout<Float>.stride)
    }

    /// Room for a matrix on top of the stack; its contents are whatever was there.
    func allocate(rows: Int, columns: Int) throws(ShapeError) -> Matrix {
        let matrix = Matrix(offset: top, rows: rows, columns: columns)
        let end = end(of: matrix)
        guard rows >= 0, columns >= 0, end <= capacity else {
            throw ShapeError("workspace", expected: "at most \(capacity) floats", got: "\(end)")
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
        matrix.offset + (matrix.count + 15) / 16 * 16
    }

    /// Forgets everything above `mark`.
    func release(to mark: Int) {
        top = mark
    }

    /// Moves a matrix down to `mark` and forgets everything else above it.
    func keep(_ matrix: Matrix, at mark: Int) throws(ShapeError) -> Matrix {
        top = mark
        let kept = try allocate(rows: matrix.rows, columns: matrix.columns)
        unsafe (base + kept.offset).update(from: base + matrix.offset, count: matrix.count)
        return kept
    }

    @_lifetime(borrow self)
    func read(_ matrix: Matrix) -> Span<Float> {
        let span = unsafe UnsafeBufferPointer(start: base + matrix.offset, count: matrix.count).span
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Matrices never overlap, so several may be written and read at once.
    @_lifetime(borrow self)
    func write(_ matrix: Matrix) -> MutableSpan<Float> {
        let span = unsafe UnsafeMutableBufferPointer(start: base + matrix.offset, count: matrix.count).mutableSpan
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
