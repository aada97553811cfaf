import Kernels
import Testing

@testable import Model

/// A stack that goes on in other reservations where the first is full.
@Suite struct WorkspaceTests {
    private func filled(_ workspace: Workspace, rows: Int, with value: Float) throws -> Workspace.Matrix {
        let matrix = try workspace.allocate(rows: rows, columns: 16)
        workspace.copy([Float](repeating: value, count: rows * 16).span, to: matrix)
        return matrix
    }

    @Test func whatDoesNotFitGoesIntoOthers() throws {
        let workspace = try Workspace(size: 1 << 10)
        let sizes = [20, 40, 400, 1, 63, 1000, 2]
        let matrices = try sizes.enumerated().map { try filled(workspace, rows: $1, with: Float($0)) }
        for (value, (matrix, rows)) in zip(matrices, sizes).enumerated() {
            #expect(workspace.array(matrix) == [Float](repeating: Float(value), count: rows * 16))
        }
    }

    @Test(arguments: [0, 20, 60, 500]) func resultsAreKeptWhereverTheyLie(before rows: Int) throws {
        let workspace = try Workspace(size: 1 << 10)
        let below = try filled(workspace, rows: rows, with: 1)
        let mark = workspace.top
        for _ in 0..<5 {
            _ = try filled(workspace, rows: 50, with: 2)
            let result = try filled(workspace, rows: 60, with: 3)
            let kept = try workspace.keep(result, at: mark)
            #expect(workspace.array(kept) == [Float](repeating: 3, count: 960))
            #expect(workspace.array(below) == [Float](repeating: 1, count: rows * 16))
            workspace.release(to: mark)
        }
    }

    @Test(arguments: [(1 << 40, 1), (1, 1 << 40), (1 << 29, 1 << 29), (-1, 4), (4, -1), (Int.max, Int.max)])
    func impossibleMatricesAreRefused(rows: Int, columns: Int) throws {
        let workspace = try Workspace(size: 1 << 10)
        #expect(throws: ShapeError.self) { try workspace.allocate(rows: rows, columns: columns) }
    }
}
