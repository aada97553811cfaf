import Dispatch
import Kernels
import Model
import Synchronization

/// Makes vectors of texts, all of one length.
protocol TextVectors: Sendable {
    /// One vector a text; called on one thread at a time.
    func vectors(of texts: [String]) throws(ShapeError) -> [[Float]]
}

/// Finds labelled posts that are like another (ReFineG, CCKS 2025, stage 3): by the cosine of the texts' vectors and of those of
/// names and types, 0.4 and 0.6 of them, each between the least and the most that any post has. Pictures, of which ReFineG makes
/// another 0.2, are not compared: each would have to be decoded and encoded first.
///
/// A vector is the mean of the word states that the model's own text encoder makes.
final class ExampleFinder: Sendable {
    /// As many as ReFineG shows.
    static let most = 3
    private static let textShare: Float = 0.4
    private static let namesShare: Float = 0.6
    /// Texts that are encoded in one go.
    private static let together = 64

    private let posts: [ExamplePost]
    private let encoder: any TextVectors
    private let texts: UnitVectors
    private let names: UnitVectors

    /// - Parameters:
    ///   - posts: what may be shown.
    ///   - encoders: make vectors; each is used on a thread of its own, and the first for what is compared later.
    init(_ posts: [ExamplePost], encoders: [any TextVectors]) throws(ShapeError) {
        guard let encoder = encoders.first else { throw ShapeError("examples", expected: "an encoder", got: "none") }
        (self.posts, self.encoder) = (posts, encoder)
        texts = try UnitVectors(Self.vectors(of: posts.map(\.text), encoders))
        names = try UnitVectors(Self.vectors(of: posts.map(\.names), encoders))
    }

    /// The posts that are most like one, the best first; never one of the same text. Of equal ones the first.
    ///
    /// - Parameter entities: names and types of what was found in it; empty before it was read.
    func posts(like text: String, _ entities: [(text: String, type: String)]) -> [ExamplePost] {
        let others = posts.indices.filter { posts[$0].text != text }
        guard !others.isEmpty, let vectors = try? encoder.vectors(of: [text, ExamplePost.names(entities)]),
            vectors.count == 2,
            var scores = texts.cosines(with: vectors[0])?.scaled(over: others, by: Self.textShare)
        else { return [] }
        if !entities.isEmpty, let alike = names.cosines(with: vectors[1])?.scaled(over: others, by: Self.namesShare) {
            for place in others { scores[place] += alike[place] }
        }
        return others.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(Self.most).map { posts[$0] }
    }

    /// Vectors of texts, made by all encoders together.
    private static func vectors(of texts: [String], _ encoders: [any TextVectors]) throws(ShapeError) -> [[Float]] {
        let batches = stride(from: 0, to: texts.count, by: together).map { $0..<min($0 + together, texts.count) }
        let made = Mutex<(vectors: [[Float]], failure: ShapeError?)>((Array(repeating: [], count: texts.count), nil))
        DispatchQueue.concurrentPerform(iterations: encoders.count) { number in
            for batch in stride(from: number, to: batches.count, by: encoders.count).map({ batches[$0] }) {
                do throws(ShapeError) {
                    let vectors = try encoders[number].vectors(of: Array(texts[batch]))
                    made.withLock { made in
                        for (place, vector) in zip(batch, vectors) { made.vectors[place] = vector }
                    }
                } catch {
                    made.withLock { $0.failure = error }
                    return
                }
            }
        }
        let (vectors, failure) = made.withLock { $0 }
        if let failure { throw failure }
        return vectors
    }
}

/// Vectors of length 1, or 0 where there was nothing to make one of.
private struct UnitVectors {
    private let rows: [Float]
    private let width: Int
    private let count: Int

    init(_ vectors: [[Float]]) throws(ShapeError) {
        width = vectors.first?.count ?? 0
        count = vectors.count
        guard width > 0, vectors.allSatisfy({ [width] in $0.count == width }) else {
            throw ShapeError("examples", expected: "vectors of one length", got: "others")
        }
        let all = vectors.flatMap(\.self)
        var rows = [Float](repeating: 0, count: all.count)
        var span = rows.mutableSpan
        try unitRows(&span, all.span, columns: width)
        self.rows = rows
    }

    /// Cosines with a vector, one a row; `nil` where it has another length.
    func cosines(with vector: [Float]) -> [Float]? {
        guard vector.count == width else { return nil }
        var unit = [Float](repeating: 0, count: width)
        var cosines = [Float](repeating: 0, count: count)
        do throws(ShapeError) {
            var span = unit.mutableSpan
            try unitRows(&span, vector.span, columns: width)
            var products = cosines.mutableSpan
            try gemm(&products, rows.span, unit.span, ProductShape(rows: count, columns: 1, inner: width))
        } catch {
            return nil
        }
        return cosines
    }
}

extension [Float] {
    /// Values between the least and the most at some places, as shares of that; all 0 where these are the same.
    fileprivate func scaled(over places: [Int], by share: Float) -> [Float] {
        let values = places.map { self[$0] }
        guard let least = values.min(), let most = values.max(), most > least else {
            return [Float](repeating: 0, count: count)
        }
        return map { share * ($0 - least) / (most - least) }
    }
}
