import Kernels
import Testing

@testable import Model

/// Memory that was taken back is not read through old handles: debug builds stop.
@Suite struct LeaseTests {
    @Test func handlesAreGoodUntilTheirMemoryIsTakenBack() throws {
        let workspace = try Workspace(size: 1 << 12)
        let kept = try workspace.allocate(rows: 2, columns: 3)
        workspace.copy(([1, 2, 3, 4, 5, 6] as [Float]).span, to: kept)
        let mark = workspace.top
        _ = try workspace.allocate(rows: 20, columns: 3)
        workspace.release(to: mark)
        // One without elements starts where the next one does, and there is nothing in it to be mistaken for another's.
        let empty = try workspace.allocate(rows: 0, columns: 3)
        workspace.release(to: mark)
        #expect(workspace.array(empty) == [])
        #expect(workspace.array(kept) == [1, 2, 3, 4, 5, 6])
        let moved = try workspace.keep(kept, at: 0)
        #expect(workspace.array(moved) == [1, 2, 3, 4, 5, 6])
    }

    #if DEBUG
        @Test func aValueIsNotReadAfterItsBlock() async {
            await #expect(processExitsWith: .failure) {
                let values = try ParameterValues(ParameterLayout(), seed: 1)
                let evaluator = Evaluator(values, workspace: try Workspace(size: 1 << 12))
                var inner: Evaluator.Value?
                let outer = try evaluator.block(replacing: nil) { () throws(ShapeError) in
                    let one = try evaluator.constant(rows: 1, columns: 2, ([1, 2] as [Float]).span)
                    inner = one
                    return try evaluator.add(one, one)
                }
                precondition(evaluator.array(outer) == [2, 4])
                if let inner { _ = evaluator.array(inner) }
            }
        }

        @Test func aValueIsNotReadAfterAReset() async {
            await #expect(processExitsWith: .failure) {
                let workspace = try Workspace(size: 1 << 12)
                let matrix = try workspace.allocate(rows: 1, columns: 2)
                workspace.release(to: 0)
                _ = try workspace.allocate(rows: 1, columns: 2)
                _ = workspace.read(matrix)
            }
        }
    #endif
}
