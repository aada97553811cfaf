@testable import Delegates
@testable import Flow
@testable import Geometry
import JSON
@testable import Model
import Testing
@testable import Wire

/// RiVEG's questions: what an entity is, whether the picture shows that, and where.
struct RegionInquiryTests {
    private static let own = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
    private static let other = JSONValue.array([60, 10, 90, 40].map { .integer($0) })

    /// A mention whose region is in doubt; whoever drew its box trusts it by one half.
    private static func mention(visible: Float = 0.6, isBoxed: Bool = false) -> Mention {
        var mention = Mention(words: 1..<2, scalars: 2..<3, type: 1, score: 0.1, posterior: [0.5, 0.5, 0, 0])
        (mention.picture, mention.provenance.hasEvidence) = (0, true)
        (mention.visible, mention.boxScore, mention.drawn) = (visible, 0.5, own)
        if isBoxed { mention.box = own }
        return mention
    }

    private static func value(_ value: JSONValue, _ confidence: Float? = nil) -> DelegateOutcome {
        .success(.value(value, confidence: confidence))
    }

    /// Asks about mentions until all is over, as the filter does it; what each kind is answered by.
    private static func ask(
        _ mentions: [Mention], perPost: Int = 8, region: Float = 0.3,
        size: ImageSize? = ImageSize(width: 100, height: 50),
        _ answers: [DelegateKind: DelegateOutcome]
    ) -> (mentions: [Mention], turns: [[DelegateRequest]], failures: Int, changes: Int) {
        var plan = ConsultationPlan(
            FakeDelegate { _ in .success(.keep) }, above: .init(span: 0, type: 0, region: region), perPost: perPost)
        plan.scheme = .riveg
        var post = Post(line: 1, text: "a b c", image: "1", alt: "a garden")
        post.knowledge = "b is a town"
        let questions = ConsultationQuestions(
            plan: plan, post: post, types: ["PER", "LOC", "ORG", "OTHER"], sizes: [size], address: { .file($0) })
        var (mentions, consultation) = (mentions, Consultation())
        var (turns, failures): ([[DelegateRequest]], Int) = ([], 0)
        while case let requests = consultation.next(about: mentions, questions), !requests.isEmpty {
            turns.append(requests)
            consultation.outcomes = requests.map { request in
                let outcome = answers[request.kind] ?? .success(.keep)
                if case .success(.value(let value, _)) = outcome, !request.isAnswer(value) { return .failure(.failed) }
                return outcome
            }
            let (changes, lost) = consultation.absorb(&mentions, types: questions.types)
            #expect(changes.isEmpty)
            failures += lost.count
        }
        let changes = consultation.settle(&mentions)
        return (mentions, turns, failures, changes.count)
    }

    @Test("what an entity is goes into the next two questions, and what they say decides")
    func pipeline() throws {
        let (mentions, turns, failures, changes) = Self.ask(
            [Self.mention()],
            [
                .expand: Self.value(.string(" a \n walled\ttown ")), .verify: Self.value(.number("0.75")),
                .ground: Self.value(Self.other, 0.25),
            ])
        #expect(turns.map { $0.map(\.kind) } == [[.expand], [.verify], [.ground]])
        let asked = turns.flatMap { $0 }.map { JSONValue.object($0.payload) }
        #expect(asked.map { $0["expression"]?.string } == [nil, "b(LOC)-a walled town", "b(LOC)-a walled town"])
        #expect(
            asked.map { $0["images"]?.elements?.count } == [nil, 1, 1],
            "words are for who reads, the picture for who looks")
        #expect(asked.map { $0["types"]?.elements?.count } == [4, nil, nil])
        #expect(asked.allSatisfy { $0["alt"]?.string == "a garden" && $0["knowledge"]?.string == "b is a town" })
        #expect(asked.allSatisfy { $0["text"]?.string == "a b c" && $0["entity"]?["start"]?.integer == 2 })
        let found = try #require(mentions.first)
        let box = try #require(found.box)
        #expect(box.overlap(RelativeBox(x1: 0.6, y1: 0.2, x2: 0.9, y2: 0.8)) > 0.999)
        #expect((found.visible, found.boxScore) == (0.75, 0.25))
        #expect(found.corrected == [.region] && found.drawn == box && changes == 1 && failures == 0)
        #expect((found.words, found.type, found.score) == (1..<2, 1, 0.1), "neither words nor type are asked about")
    }

    @Test("where it is is asked only of what is more probably seen than not", arguments: ["0", "0.5", "0.51", "1"])
    func gate(probability: String) {
        for isBoxed in [true, false] {
            let (mentions, turns, _, changes) = Self.ask(
                [Self.mention(isBoxed: isBoxed)],
                [.verify: Self.value(.number(probability)), .ground: Self.value(Self.other)])
            let isSeen = (Float(probability) ?? 0) > 0.5
            #expect(turns.count == (isSeen ? 3 : 2))
            #expect((mentions[0].box != nil) == isSeen)
            let isChanged = isSeen || isBoxed
            #expect(changes == (isChanged ? 1 : 0) && mentions[0].corrected == (isChanged ? [.region] : []))
            #expect(mentions[0].visible == (isChanged ? Float(probability) : 0.6))
        }
    }

    @Test(
        "without an answer, or with one that is none, the type's name, the model's own gate and its own box stand in",
        arguments: [
            DelegateOutcome.success(.keep), .failure(.timeout), .success(.value(.boolean(true), confidence: nil)),
        ])
    func fallbacks(_ none: DelegateOutcome) {
        for isBoxed in [true, false] {
            let mention = Self.mention(isBoxed: isBoxed)
            let nothing = Self.ask([mention], [.expand: none, .verify: none, .ground: none])
            // The model's own decision says whether it is worth asking where.
            #expect(nothing.turns.count == (isBoxed ? 3 : 2))
            #expect(nothing.mentions == [mention] && nothing.changes == 0)
            #expect(none == .success(.keep) || nothing.failures == nothing.turns.count)
            #expect(JSONValue.object(nothing.turns[1][0].payload)["expression"]?.string == "b(LOC)-loc")

            // A box that the model trusts by one half pays from two thirds on.
            for (probability, pays) in [("0.6", false), ("0.7", true)] {
                let verified = Self.ask([mention], [.verify: Self.value(.number(probability)), .ground: none])
                #expect(verified.mentions[0].box == (pays ? Self.own : nil))
                #expect(verified.changes == (pays == isBoxed ? 0 : 1))
            }
            let grounded = Self.ask([mention], [.verify: none, .ground: Self.value(Self.other, 0.9)])
            #expect((grounded.mentions[0].corrected == [.region]) == isBoxed)
            #expect(grounded.mentions[0].visible == (isBoxed ? 0.9 : 0.6))
        }
    }

    @Test("who looks for it and does not find it takes the box away")
    func nowhere() {
        let (mentions, turns, _, changes) = Self.ask(
            [Self.mention(isBoxed: true)], [.verify: Self.value(.number("0.9")), .ground: Self.value(.null, 0.75)])
        #expect(turns.count == 3 && changes == 1)
        #expect(mentions[0].box == nil && mentions[0].visible == 0.25 && mentions[0].corrected == [.region])
    }

    @Test("a box that is the model's own corrects nothing")
    func sameBox() {
        let mention = Self.mention(isBoxed: true)
        let box = JSONValue.array([0, 0, 50, 50].map { .integer($0) })
        let (mentions, _, _, changes) = Self.ask(
            [mention], [.verify: Self.value(.number("0.9")), .ground: Self.value(box, 1)])
        #expect(mentions == [mention] && changes == 0)
    }

    @Test(
        "what cannot be is a failure, and changes nothing",
        arguments: [
            (DelegateKind.expand, JSONValue.string(" \n ")), (.expand, .string(String(repeating: "x", count: 301))),
            (.expand, .null), (.expand, .integer(1)), (.verify, .number("1.5")), (.verify, .number("-0.1")),
            (.verify, .string("yes")), (.verify, .null), (.ground, .array([200, 0, 300, 10].map { .integer($0) })),
            (.ground, .string("left")), (.ground, .array([.integer(1)])),
        ])
    func lies(_ kind: DelegateKind, _ lie: JSONValue) {
        let mention = Self.mention(isBoxed: true)
        let (mentions, turns, failures, _) = Self.ask([mention], [kind: Self.value(lie)])
        #expect(turns.count == 3 && failures == 1)
        #expect(mentions == [mention])
    }

    @Test("an answer that was still paid for counts, whatever would have come after it", arguments: 0...3)
    func budgets(perPost: Int) {
        let answers: [DelegateKind: DelegateOutcome] = [
            .verify: Self.value(.number("0.7")), .ground: Self.value(Self.other),
        ]
        let (mentions, turns, _, changes) = Self.ask([Self.mention()], perPost: perPost, answers)
        #expect(turns.count == perPost)
        // Verified, and no room for the question where: the model's own box.
        #expect(changes == (perPost < 2 ? 0 : 1))
        #expect(mentions[0].box == (perPost < 2 ? nil : perPost == 2 ? Self.own : mentions[0].drawn))
        #expect((mentions[0].drawn == Self.own) == (perPost < 3))
    }

    @Test(
        "where not all can be asked about, the least sure are to the end, and others in the place of what was not needed"
    )
    func wholeMentions() {
        // The least sure is last.
        let mentions = (0..<4).map { place in
            var mention = Self.mention(visible: 0.6 - 0.02 * Float(place), isBoxed: true)
            (mention.words, mention.scalars) = (place % 3..<place % 3 + 1, 2 * (place % 3)..<2 * (place % 3) + 1)
            return mention
        }
        func ask(_ perPost: Int, verified: String) -> (asked: [[String]], corrected: [Bool]) {
            let (found, turns, _, _) = Self.ask(
                mentions, perPost: perPost, [.verify: Self.value(.number(verified)), .ground: Self.value(Self.other)])
            return (turns.map { $0.map { "\($0.kind)" } }, found.map { $0.corrected == [.region] })
        }
        let seen = ask(8, verified: "0.9")
        #expect(
            seen.asked == [["expand", "expand"], ["verify", "verify"], ["ground", "ground"], ["expand"], ["verify"]])
        // The third is verified, without room to ask where: the model's own box stays.
        #expect(seen.corrected == [false, false, true, true])
        let unseen = ask(8, verified: "0.1")
        #expect(unseen.corrected == [true, true, true, true])
        #expect(unseen.asked.flatMap { $0 }.count == 8)
        #expect(ask(100, verified: "0.9").asked.map(\.count) == [4, 4, 4])
        #expect(ask(2, verified: "0.1").corrected == [false, false, false, true])
    }

    @Test(
        "nothing is asked where the region is in no doubt, or there is no picture; mentions do not wait for each other")
    func limits() {
        #expect(Self.ask([Self.mention()], region: 0.6, [:]).turns.isEmpty)
        #expect(Self.ask([Self.mention()], size: nil, [:]).turns.isEmpty)
        var unseen = Self.mention()
        (unseen.words, unseen.scalars, unseen.visible) = (2..<3, 4..<5, 0.4)
        let (_, turns, _, _) = Self.ask([Self.mention(isBoxed: true), unseen], [:])
        #expect(turns.map { $0.map(\.kind) } == [[.expand, .expand], [.verify, .verify], [.ground]])
    }

    @Test("the filter asks and writes what was found out")
    func stream() throws {
        let delegate = FakeDelegate(delay: { _ in 1 }) { request in
            switch request.kind {
            case .knowledge: .success(.value(.string("xy"), confidence: nil))
            case .verify: .success(.value(.number("0.875"), confidence: nil))
            case .ground: .success(.value(Self.other, confidence: 0.5))
            default: .failure(.failed)
            }
        }
        let stream = try StreamUnderTest(FakeModel(readsKnowledge: true)) {
            $0.consultation = ConsultationPlan(delegate, above: .init(span: 0, type: 0, region: 0))
            $0.consultation?.scheme = .riveg
        }
        try stream.send((text: "see doubt", image: "500"))
        try stream.endInput()
        let answer = try #require(try stream.answer())
        #expect(delegate.asked.all.map(\.kind) == [.knowledge, .expand, .verify, .ground])
        #expect(answer.triples[0]["corrected"] as? [String] == ["region"])
        #expect(answer.triples[0]["box"] as? [Double] == [60, 10, 90, 40])
        #expect(answer.triples[0]["visible"] as? Double == 0.875)
        #expect(answer.triples[0]["type"] as? String == "ORG", "as what is known says")
        #expect(answer.warningCodes == ["delegate.failed"])
        #expect(stream.end() == .endOfInput)
        #expect(stream.pipeline.statistics.snapshot().corrections == ["region": 1])
        #expect(stream.pipeline.statistics.snapshot().turns == [3: 1])
    }
}
