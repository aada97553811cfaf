@testable import Delegates
import Dispatch
@testable import Flow
@testable import Geometry
import JSON
@testable import Model
import Synchronization
import Testing
@testable import Wire

/// Answers as a test says, when it says so.
final class FakeDelegate: Delegate {
    typealias Answer = @Sendable (DelegateRequest) -> DelegateOutcome

    let asked = Journal<DelegateRequest>()
    private let answer: Answer
    private let delay: @Sendable (Int) -> Int
    private let count = Mutex(0)
    private let queue = DispatchQueue(label: "test.delegate", attributes: .concurrent)

    /// - Parameter delay: Milliseconds until the questions of one post are answered, by their number; 0: at once, on the thread
    ///   that asks.
    init(delay: @escaping @Sendable (Int) -> Int = { _ in 0 }, answer: @escaping Answer) {
        (self.answer, self.delay) = (answer, delay)
    }

    func ask(_ requests: [DelegateRequest], then: @escaping @Sendable ([DelegateOutcome]) -> Void) {
        for request in requests { asked.note(request) }
        let number = count.withLock { count in
            count += 1
            return count
        }
        // As a real one does it: what is no answer is none.
        let outcomes = requests.map { request -> DelegateOutcome in
            let outcome = answer(request)
            if case .success(.value(let value, _)) = outcome, !request.isAnswer(value) { return .failure(.failed) }
            return outcome
        }
        let delay = delay(number)
        if delay == 0 { return then(outcomes) }
        queue.asyncAfter(deadline: .now() + .milliseconds(delay)) { then(outcomes) }
    }

    func hurry() {}
    func close() {}
    var counts: DelegateCounts { DelegateCounts() }
}

struct ConsultationTests {
    private static let all = ConsultationPlan.Thresholds(span: 0, type: 0, region: 0)

    private func triples(
        of text: String, above thresholds: ConsultationPlan.Thresholds = all, perPost: Int = 8, image: String? = nil,
        _ answer: @escaping FakeDelegate.Answer
    ) throws -> (triples: [[String: any Sendable]], asked: [DelegateRequest], warnings: [String]) {
        let delegate = FakeDelegate(answer: answer)
        let stream = try StreamUnderTest { plan in
            plan.consultation = ConsultationPlan(delegate, above: thresholds, perPost: perPost)
        }
        try stream.send((text: text, image: image))
        try stream.endInput()
        let answers = try stream.answers()
        return (answers[0].triples, delegate.asked.all, answers[0].warningCodes)
    }

    private static func value(_ value: JSONValue, _ confidence: Float? = nil) -> DelegateOutcome {
        .success(.value(value, confidence: confidence))
    }

    @Test("words come first, then the type, then the box, and what was asked before a change is asked again after it")
    func rounds() throws {
        let (triples, asked, warnings) = try triples(of: "see doubt here", image: "500") { request in
            switch request.kind {
            case .correctSpan: Self.value(.string("see doubt"), 0.75)
            case .correctType: Self.value(.string("org"))
            default: Self.value(.array([10, 20, 30, 400].map { .integer($0) }), 0.5)
            }
        }
        let rounds: [DelegateKind] = [.correctSpan, .correctType, .correctRegion]
        #expect(asked.map(\.kind) == rounds + rounds[1...] + rounds[2...])
        let entities = asked.map { JSONValue.object($0.payload)["entity"] }
        #expect(entities.map { $0?["text"]?.string } == ["s", "s", "s", "see doubt", "see doubt", "see doubt"])
        #expect(entities.map { $0?["type"]?.string } == ["PER", "PER", "PER", "PER", "PER", "ORG"])
        #expect(entities[5]?["box"] == .array([0, 0, 50, 50].map { .integer($0) }))
        let image = JSONValue.object(asked[5].payload)["images"]?.elements?.first
        #expect(image?["path"] == .string("500") && image?["w"] == .integer(100))
        #expect(triples.count == 1)
        #expect(triples[0]["entity"] as? String == "see doubt")
        #expect(triples[0]["type"] as? String == "ORG")
        #expect(triples[0]["box"] as? [Double] == [10, 20, 30, 50], "a box ends where its picture does")
        #expect(triples[0]["score"] as? Double == 0.75)
        #expect(triples[0]["box_score"] as? Double == 0.5)
        #expect(triples[0]["corrected"] as? [String] == ["span", "type", "region"])
        #expect(warnings == [])
    }

    @Test("what is kept, or no better, is not called corrected")
    func keeps() throws {
        for answer in [DelegateOutcome.success(.keep), Self.value(.string("d")), Self.value(.string("PER"))] {
            let (triples, asked, _) = try triples(of: "d oubt doubt") { request in
                if case .success(.value(let value, _)) = answer, !request.isAnswer(value) { return .success(.keep) }
                return answer
            }
            #expect(asked.count == 2)
            #expect(triples[0]["entity"] as? String == "d")
            #expect(triples[0]["corrected"] == nil)
        }
    }

    @Test("an empty answer about the words says that there is no entity, and what else is said of it is nothing")
    func drops() throws {
        let (triples, asked, warnings) = try triples(of: "doubt") { request in
            request.kind == .correctSpan ? Self.value(.string("")) : .failure(.timeout)
        }
        #expect(triples.isEmpty)
        #expect(asked.map(\.kind) == [.correctSpan, .correctType])
        #expect(warnings == [])
    }

    @Test("a picture that does not show it takes the box away")
    func unseen() throws {
        let (triples, _, _) = try triples(of: "see doubt", above: .init(span: 1, type: 1, region: 0), image: "500") {
            _ in
            Self.value(.null, 0.875)
        }
        #expect(!(triples[0]["box"] is [Double]))
        #expect(triples[0]["visible"] as? Double == 0.125)
    }

    @Test(
        "what cannot be answers nothing",
        arguments: [
            JSONValue.string("elsewhere"), .string("doubt here and there"), .string("SCIENCE"), .integer(5), .null,
            .array([.integer(1)]), .object([]), .array([5, 5, 5, 50].map { .integer($0) }),
            .array([200, 0, 300, 10].map { .integer($0) }),
            .array([.string("1"), .integer(0), .integer(2), .integer(2)]),
        ])
    func lies(_ value: JSONValue) throws {
        let (triples, asked, warnings) = try triples(of: "see doubt here and there", image: "500") { request in
            request.kind == .correctRegion && value == .null ? .success(.keep) : Self.value(value)
        }
        #expect(asked.count == 3)
        #expect(triples[0]["entity"] as? String == "s")
        #expect(triples[0]["corrected"] == nil)
        #expect(warnings.allSatisfy { $0 == "delegate.failed" } && !warnings.isEmpty)
    }

    @Test("nothing is asked about what the model is sure of, and no more than is allowed about a post")
    func limits() throws {
        #expect(
            try triples(of: "sure", above: .init(span: 0.5, type: 0.5, region: 0.5)) { _ in .success(.keep) }.asked
                .isEmpty)
        #expect(
            try triples(of: "doubt", above: .init(span: 0.81, type: 0.95, region: 1)) { _ in .success(.keep) }.asked
                .isEmpty)
        #expect(try triples(of: "doubt", perPost: 1) { _ in .success(.keep) }.asked.map(\.kind) == [.correctSpan])
    }

    @Test(
        "a model that reads what is known of a post has somebody asked for it first, once, where the post brings nothing"
    )
    func knowledge() throws {
        for looks in Looks.allCases {
            let delegate = FakeDelegate(delay: { _ in 1 }) { request in
                let text = JSONValue.object(request.payload)["text"]?.string
                if text == "see b" { return .failure(.timeout) }
                return text == "see c" ? Self.value(.integer(3)) : Self.value(.string("org"))
            }
            let stream = try StreamUnderTest(FakeModel(looks: looks, readsKnowledge: true), jobs: 2) {
                $0.consultation = ConsultationPlan(delegate, above: .init(span: 1, type: 1, region: 1))
            }
            for text in ["see a", "see b", "see c"] { try stream.send((text: text, image: "1")) }
            try stream.send(raw: #"{"text":"see d","knowledge":"xy","image":"1"}"# + "\n")
            try stream.endInput()
            let answers = try stream.answers()
            #expect(answers.map { $0.triples[0]["type"] as? String } == ["OTHER", "PER", "PER", "ORG"])
            #expect(answers.map(\.warningCodes) == [[], ["delegate.timeout"], ["delegate.failed"], []])
            #expect(delegate.asked.all.map(\.kind) == [.knowledge, .knowledge, .knowledge])
            #expect(answers.allSatisfy { ($0["image"] != nil) == (looks != .never) })
        }
    }

    @Test("each failure is told once a post and kind", arguments: DelegateFailure.allCases)
    func failures(_ failure: DelegateFailure) throws {
        let (triples, _, warnings) = try triples(of: "doubt") { _ in .failure(failure) }
        #expect(triples[0]["entity"] as? String == "d")
        #expect(warnings == ["delegate.\(failure.rawValue)"])
    }

    @Test(
        "while some posts wait, others overtake them inside the window, and answers keep their order",
        arguments: [1, 2, 4])
    func order(jobs: Int) throws {
        let delegate = FakeDelegate(delay: { ($0 * 7) % 5 * 3 }) { _ in .success(.keep) }
        let stream = try StreamUnderTest(jobs: jobs, window: 6) {
            $0.consultation = ConsultationPlan(delegate, above: Self.all)
        }
        let sender = DispatchQueue(label: "sender")
        sender.async {
            for line in 1...200 { try? stream.send((text: line % 3 == 0 ? "doubt" : "sure", image: nil)) }
            try? stream.endInput()
        }
        #expect(try stream.answers().map(\.line) == Array(1...200))
        #expect(stream.end() == .endOfInput)
        let stages = stream.pipeline.statistics.snapshot().stages
        #expect(stages[Stage.format.rawValue].posts == 200)
    }

    @Test("a delegate that is silent holds up no more posts than the window has, until it speaks")
    func bound() throws {
        let gate = Gate()
        let delegate = FakeDelegate(delay: { _ in 1 }) { _ in .success(.keep) }
        let held = HeldDelegate(gate, delegate)
        let stream = try StreamUnderTest(jobs: 2, window: 4) {
            $0.consultation = ConsultationPlan(held, above: .init(span: 0.5, type: 1, region: 1))
        }
        let sender = DispatchQueue(label: "sender")
        sender.async {
            for _ in 1...20 { try? stream.send((text: "doubt", image: nil)) }
            try? stream.endInput()
        }
        for _ in 0..<4 { gate.awaitArrival() }
        #expect(stream.pipeline.window.alive == 4)
        gate.open(20)
        #expect(try stream.answers().count == 20)
    }
}

/// Hands questions on once a gate is opened for them, and holds up nobody.
private final class HeldDelegate: Delegate {
    private let gate: Gate
    private let other: FakeDelegate
    private let queue = DispatchQueue(label: "test.held", attributes: .concurrent)

    init(_ gate: Gate, _ other: FakeDelegate) { (self.gate, self.other) = (gate, other) }

    func ask(_ requests: [DelegateRequest], then: @escaping @Sendable ([DelegateOutcome]) -> Void) {
        queue.async {
            self.gate.pass()
            self.other.ask(requests, then: then)
        }
    }

    func hurry() {}
    func close() {}
    var counts: DelegateCounts { other.counts }
}

struct SpanChoicesTests {
    @Test("the words may have two more or fewer at either side, and no others")
    func reach() throws {
        let text = "a b c d e f g h"
        let words = (0..<8).map { 2 * $0..<2 * $0 + 1 }
        let choices = SpanChoices(around: 3..<5, of: words, in: text)
        #expect(choices.all.first?.words == 3..<5)
        #expect(choices.find("d e")?.scalars == 6..<9)
        #expect(choices.find("b c d e f g")?.words == 1..<7)
        #expect(choices.find("D  E")?.words == 3..<5)
        #expect(choices.find("a b c d e") == nil)
        #expect(choices.find("f g")?.words == 5..<7)
        #expect(choices.find("d f") == nil)
        #expect(choices.find("") == nil)
        #expect(SpanChoices(around: 0..<1, of: words, in: text).find("a b c")?.words == 0..<3)
        #expect(SpanChoices(around: 7..<8, of: words, in: text).find("f g h")?.words == 5..<8)
    }

    @Test("of equal words the nearest are meant")
    func nearest() throws {
        let text = "x x x x x"
        let words = (0..<5).map { 2 * $0..<2 * $0 + 1 }
        #expect(SpanChoices(around: 2..<3, of: words, in: text).find("x")?.words == 2..<3)
        #expect(SpanChoices(around: 2..<4, of: words, in: text).find("x")?.words == 2..<3)
    }
}
