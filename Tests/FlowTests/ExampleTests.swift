@testable import Delegates
@testable import Flow
@testable import Geometry
import Glibc
import JSON
import Kernels
@testable import Model
import Synchronization
import Testing
@testable import Wire

/// Labelled posts that go with questions.
struct ExampleTests {
    private static func example(_ text: String, _ names: String...) -> ExamplePost {
        ExamplePost(text: text, entities: names.map { .init(text: $0, type: "PER", boxes: nil) })
    }

    /// Vectors as a test makes them.
    private struct Vectors: TextVectors {
        let make: @Sendable ([String]) throws(ShapeError) -> [[Float]]

        func vectors(of texts: [String]) throws(ShapeError) -> [[Float]] { try make(texts) }
    }

    /// How often each of the first letters is in a text.
    private static let letters = Vectors { texts in
        texts.map { text in "abcdefgh".map { letter in Float(text.count { $0 == letter }) } }
    }

    private static func cosine(_ one: [Float], _ other: [Float]) -> Float {
        let product = zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
        let lengths = [one, other].map { sqrt($0.reduce(0) { $0 + $1 * $1 }) }
        return lengths.contains(0) ? 0 : product / (lengths[0] * lengths[1])
    }

    /// S = 0.4 mm(cos text) + 0.6 mm(cos names) of posts by their texts, written anew and simply.
    private static func similarities(
        _ posts: [ExamplePost], to text: String, _ entities: [(text: String, type: String)]
    ) throws -> [String: Float] {
        func shares(_ texts: [String], _ own: String) throws -> [Float] {
            let vectors = try letters.vectors(of: texts + [own])
            let cosines = vectors.dropLast().map { cosine($0, vectors[texts.count]) }
            let (least, most) = (cosines.min() ?? 0, cosines.max() ?? 0)
            return cosines.map { most > least ? ($0 - least) / (most - least) : 0 }
        }
        let texts = try shares(posts.map(\.text), text)
        let names = try shares(posts.map(\.names), entities.map { "\($0.text) \($0.type)" }.joined(separator: " , "))
        let sums = posts.indices.map { 0.4 * texts[$0] + (entities.isEmpty ? 0 : 0.6 * names[$0]) }
        return Dictionary(uniqueKeysWithValues: zip(posts.map(\.text), sums))
    }

    @Test("the three most like it by text and names, each as a share of what the pool has, best first")
    func order() throws {
        var random = SeededGenerator(seed: 3)
        func word() -> String { String((0..<6).map { _ in "abcdefgh".randomElement(using: &random) ?? "a" }) }
        let posts = (0..<200).map { Self.example("\($0) \(word()) \(word())", word()) }
        // Fewer encoders than batches, and more.
        for encoders in [1, 3, 9] {
            let finder = try ExampleFinder(posts, encoders: Array(repeating: Self.letters, count: encoders))
            for round in 0..<40 {
                let (text, entities) = ("\(word()) \(word())", round % 2 == 0 ? [(text: word(), type: "LOC")] : [])
                let sums = try Self.similarities(posts, to: text, entities)
                let found = finder.posts(like: text, entities).map(\.text)
                #expect(Set(found).count == 3)
                // Of some, rounding alone would tell which is first.
                for (mine, best) in zip(found.map { sums[$0] ?? 0 }, sums.values.sorted(by: >)) {
                    #expect(abs(mine - best) < 1e-5, "\(round)")
                }
            }
        }
    }

    @Test("names count more than texts, and no post is its own example")
    func names() throws {
        let posts = [
            Self.example("aa", "d"), Self.example("bb", "c"), Self.example("ab", "e"), Self.example("ba", "e"),
        ]
        let finder = try ExampleFinder(posts, encoders: [Self.letters])
        #expect(finder.posts(like: "aaa", [("c", "ORG")]).map(\.text).first == "bb")
        #expect(finder.posts(like: "aaa", []).map(\.text).first == "aa")
        #expect(finder.posts(like: "aa", []).map(\.text) == ["ab", "ba", "bb"])
    }

    @Test("where all are equally like it, the first are taken; where there are none, none")
    func degenerate() throws {
        let posts = (0..<5).map { _ in Self.example("a", "b") } + [Self.example("", "")]
        let finder = try ExampleFinder(posts, encoders: [Self.letters])
        #expect(finder.posts(like: "xyz", [("", "")]).map(\.text) == ["a", "a", "a"])
        #expect(finder.posts(like: "", []).count == 3)
        let alone = try ExampleFinder([Self.example("a")], encoders: [Self.letters])
        #expect(alone.posts(like: "a", []).isEmpty && alone.posts(like: "b", []).count == 1)
    }

    @Test("vectors that are none make no finder, and none later no examples")
    func failures() throws {
        #expect(throws: ShapeError.self) { try ExampleFinder([Self.example("a")], encoders: []) }
        #expect(throws: ShapeError.self) {
            try ExampleFinder(
                [Self.example("a"), Self.example("b")],
                encoders: [Vectors { texts in texts.map { $0 == "a" ? [1] : [1, 2] } }])
        }
        let fails = Vectors { (_) throws(ShapeError) in throw ShapeError("x", expected: "y", got: "z") }
        #expect(throws: ShapeError.self) { try ExampleFinder([Self.example("a")], encoders: [fails]) }
        let calls = Mutex(0)
        let tires = Vectors { (texts) throws(ShapeError) in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            return call > 2 ? [] : texts.map { _ in [1] }
        }
        #expect(try ExampleFinder([Self.example("a")], encoders: [tires]).posts(like: "b", []).isEmpty)
    }

    @Test("examples go with questions about where, what and what is known, and with no others")
    func questions() throws {
        let box = PixelBox(x1: 1, y1: 2, x2: 30, y2: 40)
        let examples = [
            ExamplePost(
                text: "see b",
                entities: [
                    .init(text: "b", type: "LOC", boxes: [box]), .init(text: "c", type: "PER", boxes: []),
                    .init(text: "d", type: "PER", boxes: nil),
                ], image: "7", size: ImageSize(width: 60, height: 50)),
            ExamplePost(text: "see doubt", entities: []), ExamplePost(text: "hh", entities: [], image: "8"),
        ]
        let expected =
            #"[{"text":"see b","entities":[{"text":"b","type":"LOC","boxes":[[1,2,30,40]]},{"text":"c","type":"PER","boxes":[]},"#
            + #"{"text":"d","type":"PER"}],"image":{"path":"7","w":60,"h":50}},{"text":"hh","entities":[],"image":{"path":"8"}}]"#
        for scheme in ConsultationScheme.allCases {
            let delegate = FakeDelegate { request in
                request.kind == .verify ? .success(.value(.number("0.9"), confidence: nil)) : .success(.keep)
            }
            let stream = try StreamUnderTest(FakeModel(readsKnowledge: true)) {
                $0.consultation = ConsultationPlan(delegate, above: .init(span: 0, type: 0, region: 0))
                $0.consultation?.scheme = scheme
                $0.consultation?.examples = examples
            }
            try stream.send((text: "see doubt", image: "500"))
            try stream.endInput()
            #expect(try stream.answers().count == 1)
            let with: Set<DelegateKind> = [.knowledge, .ground, .correctRegion, .expand]
            for request in delegate.asked.all {
                let told = JSONValue.object(request.payload)["examples"]
                guard with.contains(request.kind) else {
                    #expect(told == nil, "\(request.kind)")
                    continue
                }
                var bytes: [UInt8] = []
                told?.write(into: &bytes)
                #expect(String(decoding: bytes, as: UTF8.self) == expected, "\(request.kind)")
            }
            #expect(delegate.asked.all.contains { with.contains($0.kind) })
        }
    }
}
