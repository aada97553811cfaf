import Geometry
import Model
import Testing

/// Which patches are of an object, by how much alike they are.
@Suite struct PatchGraphTests {
    private static let (side, width) = (8, 12)

    /// See Fixtures/make_patch_graph.py.
    @Test func sharesAreThoseOfPyTorch() throws {
        let numbers = try Matrices(fixture("Patches/graph.safetensors"))
        let (tokens, boxes) = (try numbers.floats("tokens"), try numbers.floats("boxes"))
        let size = Self.side * Self.side
        let graph = try #require(PatchGraph(PictureFeatures(tokens: tokens, rows: 1 + size, width: Self.width)))
        // Tokens that are no patches come first, however many.
        let more = [Float](repeating: 7, count: 4 * Self.width) + tokens
        let registered = try #require(PatchGraph(PictureFeatures(tokens: more, rows: 5 + size, width: Self.width)))
        for (index, right) in try numbers.floats("shares").chunks(of: size).enumerated() {
            let edges = boxes[4 * index..<4 * index + 4].map { $0 }
            let box = RelativeBox(x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3])
            let mask = try #require(graph.object(in: box))
            #expect(mask.side == Self.side)
            #expect(zip(mask.probabilities, right).allSatisfy { abs($0 - $1) < 2e-3 })
            #expect(registered.object(in: box) == mask)
        }
    }

    private func graph(_ tokens: [Float], rows: Int) -> PatchGraph? {
        PatchGraph(PictureFeatures(tokens: tokens, rows: rows, width: 2))
    }

    @Test func whatIsNoPictureHasNoGraph() {
        #expect(graph([], rows: 0) == nil)
        #expect(graph([Float](repeating: 1, count: 20), rows: 10) == nil)
        #expect(graph([Float](repeating: 1, count: 34), rows: 17) != nil)
        #expect(graph([Float](repeating: 1, count: 33), rows: 17) == nil)
        #expect(graph([Float](repeating: 1, count: 51 * 51 + 1), rows: 51 * 51 + 1) == nil)
        #expect(graph([.nan] + [Float](repeating: 1, count: 33), rows: 17) == nil)
        #expect(graph([.infinity] + [Float](repeating: 1, count: 33), rows: 17) == nil)
    }

    /// Patches that are all the same, or nothing: only the place in the box is known, if that.
    @Test(arguments: [0, 1, 3e38, Float.leastNonzeroMagnitude]) func likePatchesAreNotToldApart(_ number: Float) throws
    {
        let graph = try #require(self.graph([Float](repeating: number, count: 34), rows: 17))
        let mask = try #require(graph.object(in: .whole))
        #expect(mask.probabilities.allSatisfy { (0...1).contains($0) })
        #expect(graph.object(in: RelativeBox(x1: 0.3, y1: 0.3, x2: 0.4, y2: 0.4)) == nil)
        for edge: Float in [0, 0.5, 1] {
            #expect(graph.object(in: RelativeBox(x1: edge, y1: edge, x2: edge, y2: edge)) == nil)
        }
    }
}

extension [Float] {
    fileprivate func chunks(of size: Int) -> [[Float]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
    }
}
