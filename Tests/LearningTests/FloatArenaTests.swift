import Testing

@testable import Learning

@Suite("Memory of one step")
struct FloatArenaTests {
    @Test("blocks are apart, start on cache lines, and come again")
    func blocks() {
        let arena = FloatArena(chunkSize: 64)
        let (one, two, large) = (arena.take(5), arena.zeros(20), arena.take(100))
        one.fill(1)
        large.fill(3)
        #expect((0..<20).allSatisfy { two[$0] == 0 })
        #expect(one.sumOfSquares == 5)
        let capacity = arena.capacity
        arena.give(two)
        let again = arena.take(20)
        again.fill(2)
        #expect(one.sumOfSquares == 5 && large.sumOfSquares == 900)
        arena.reset()
        for _ in 0..<3 { _ = (arena.take(5), arena.take(20), arena.take(100), arena.reset()) }
        #expect(arena.capacity == capacity)
    }

    @Test("a view keeps its buffer")
    func lifetime() {
        var view = FloatBuffer(count: 1 << 16).all
        view.fill(2)
        _ = FloatBuffer(count: 1 << 16)
        #expect(view.sumOfSquares == Double(4 << 16))
        #expect(view.mutableSpan.count == 1 << 16)
    }

    #if DEBUG
        @Test("a view of an earlier step is not read") func afterReset() async {
            await #expect(processExitsWith: .failure) {
                let arena = FloatArena()
                let block = arena.take(3)
                arena.reset()
                _ = arena.take(3)
                _ = block[0]
            }
        }

        @Test("a view that was given back is not written, nor a part of it") func afterGiving() async {
            await #expect(processExitsWith: .failure) {
                let arena = FloatArena()
                let block = arena.take(30)
                let part = block.part(3..<7)
                arena.give(block)
                part.fill(1)
            }
        }
    #endif
}
