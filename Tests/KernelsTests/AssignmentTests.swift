import Testing

@testable import Kernels
@testable import Randomness

@Suite("Assignment")
struct AssignmentTests {
    /// The least sum over all ways to give rows columns of their own.
    private func least(_ costs: [Double], rows: Int, columns: Int, from row: Int = 0, taken: Set<Int> = []) -> Double {
        guard row < rows else { return 0 }
        return (0..<columns).filter { !taken.contains($0) }.map {
            costs[row * columns + $0]
                + least(costs, rows: rows, columns: columns, from: row + 1, taken: taken.union([$0]))
        }.min() ?? 0
    }

    private func sum(_ costs: [Double], _ assigned: [Int], columns: Int) -> Double {
        assigned.enumerated().reduce(0) { $0 + costs[$1.offset * columns + $1.element] }
    }

    /// Whole numbers, so that many costs are the same, and negative ones.
    @Test func noOtherWayIsCheaper() throws {
        var random = SeededGenerator(seed: 3)
        for rows in 0...7 {
            for columns in rows...7 {
                for spread in [3.0, 1000] {
                    let costs = (0..<rows * columns).map { _ in
                        (Double(random.uniform()) * spread).rounded() - spread / 2
                    }
                    let assigned = try Assignment.columns(costs, rows: rows, columns: columns)
                    #expect(assigned.count == rows && Set(assigned).count == rows)
                    #expect(sum(costs, assigned, columns: columns) == least(costs, rows: rows, columns: columns))
                }
            }
        }
    }

    /// The same rows in more columns: a large one, whose least sum is known.
    @Test func largeOnes() throws {
        let count = 120
        let costs = (0..<count * count).map { Double(($0 / count * 7 + $0 % count * 13) % count) }
        let assigned = try Assignment.columns(costs, rows: count, columns: count)
        #expect(Set(assigned).count == count)
        #expect(sum(costs, assigned, columns: count) == 0)
    }

    @Test func tiesGoToTheFirst() throws {
        #expect(try Assignment.columns([1, 1, 1, 1, 1, 1], rows: 2, columns: 3) == [0, 1])
        #expect(try Assignment.columns([2, 1, 1], rows: 1, columns: 3) == [1])
    }

    @Test func whatCannotBeAssignedIsRefused() {
        #expect(throws: ShapeError.self) { try Assignment.columns([1, 2], rows: 2, columns: 1) }
        #expect(throws: ShapeError.self) { try Assignment.columns([1, 2, 3], rows: 1, columns: 2) }
        for bad in [Double.nan, .infinity, -.infinity] {
            #expect(throws: ShapeError.self) { try Assignment.columns([1, bad], rows: 1, columns: 2) }
        }
    }
}
