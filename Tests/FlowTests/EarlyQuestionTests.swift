@testable import Delegates
@testable import Flow
@testable import Geometry
import JSON
@testable import Model
@testable import Randomness
import Testing
@testable import Wire

/// What is asked before it is known whether it will have to be.
struct EarlyQuestionTests {
    /// A post of one-letter words, whose mentions are unsure of what they are told to be.
    private struct Asking {
        var mentions: [Mention] = []
        var consultation = Consultation()
        let questions: ConsultationQuestions
        /// What was asked in each turn: kind, words and type.
        var turns: [[String]] = []
        var failures: [DelegateFailure] = []

        init(perPost: Int = 8) {
            let delegate = FakeDelegate { _ in .success(.keep) }
            questions = ConsultationQuestions(
                plan: ConsultationPlan(delegate, above: .init(span: 0.3, type: 0.3, region: 0.3), perPost: perPost),
                post: Post(line: 1, text: "a b c d e f", image: "1"), types: ["PER", "LOC", "ORG", "OTHER"],
                sizes: [ImageSize(width: 100, height: 50)], address: { .file($0) })
        }

        mutating func add(_ word: Int, span: Float? = nil, type: Bool = false, region: Float? = nil) {
            var mention = Mention(
                words: word..<word + 1, scalars: 2 * word..<2 * word + 1, type: 0, score: 1, posterior: [1, 0, 0, 0])
            if type { mention.posterior = [0.5, 0.5, 0, 0] }
            mention.score = (type ? 0.5 : 1) * (1 - (span ?? 0))
            (mention.picture, mention.provenance.hasEvidence) = (0, true)
            (mention.visible, mention.boxScore) = (1, 1 - (region ?? 0))
            mention.box = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
            mentions.append(mention)
        }

        /// One turn: asks, and makes what is answered to each question part of the mentions; whether anything was asked.
        mutating func turn(_ answer: (String) -> DelegateOutcome) -> Bool {
            let requests = consultation.next(about: mentions, questions)
            guard !requests.isEmpty else { return false }
            turns.append(requests.map(name))
            consultation.outcomes = requests.map { answer(name($0)) }
            failures += consultation.absorb(&mentions, types: questions.types).failures
            return true
        }

        func name(_ request: DelegateRequest) -> String {
            let entity = JSONValue.object(request.payload)["entity"]
            let kind = request.kind.rawValue.split(separator: "-")[1]
            return "\(kind) \(entity?["text"]?.string ?? "")/\(entity?["type"]?.string ?? "")"
        }
    }

    private static func value(_ value: JSONValue, _ confidence: Float? = nil) -> DelegateOutcome {
        .success(.value(value, confidence: confidence))
    }

    @Test("where the words stay, be they kept, said again, or not answered, what was asked early about them counts")
    func stays() {
        for first in [
            DelegateOutcome.success(.keep), Self.value(.string("B")), .failure(.timeout), Self.value(.integer(1)),
            // These words are another mention's too.
            Self.value(.string("b c")),
        ] {
            var asking = Asking()
            asking.add(1, span: 0.5, type: true, region: 0.5)
            asking.add(2)
            while asking.turn({ name in
                name.hasPrefix("span") ? first : name.hasPrefix("type") ? Self.value(.string("ORG")) : Self.value(.null)
            }) {}
            #expect(asking.turns == [["span b/PER", "type b/PER", "region b/PER"], ["region b/ORG"]])
            #expect(asking.mentions[0].type == 2 && asking.mentions[0].box == nil)
            #expect(asking.mentions[0].corrected == [.type, .region])
            #expect(asking.consultation.turns == 2 && asking.consultation.unused == 1)
            if case .failure(let failure) = first { #expect(asking.failures == [failure]) }
        }
    }

    @Test("where the words change, what was said early of the old ones is nothing, not even a failure")
    func changes() {
        for early in [DelegateOutcome.success(.keep), Self.value(.string("ORG")), .failure(.timeout)] {
            var asking = Asking()
            asking.add(1, span: 0.5, type: true)
            while asking.turn({ name in
                name.hasPrefix("span")
                    ? Self.value(.string("b c")) : name == "type b/PER" ? early : Self.value(.string("LOC"))
            }) {}
            #expect(asking.turns == [["span b/PER", "type b/PER"], ["type b c/PER"]])
            #expect(asking.mentions.map(\.type) == [1])
            #expect(asking.failures.isEmpty)
        }
    }

    @Test("what is said of a mention that is dropped changes neither it nor another")
    func drops() {
        var asking = Asking()
        asking.add(1, span: 0.5, type: true)
        asking.add(3, type: true, region: 0.5)
        while asking.turn({ name in
            switch name {
            case "span b/PER": Self.value(.string(""))
            case "type b/PER": Self.value(.string("ORG"))
            case "type d/PER": Self.value(.string("LOC"))
            default: Self.value(.null)
            }
        }) {}
        #expect(asking.turns == [["span b/PER", "type b/PER", "type d/PER", "region d/PER"], ["region d/LOC"]])
        #expect(asking.mentions.map(\.words) == [3..<4])
        #expect(asking.mentions[0].type == 1 && asking.mentions[0].box == nil)
    }

    @Test("early questions take no place that another could come to need", arguments: 0...8)
    func budgets(perPost: Int) {
        var asking = Asking(perPost: perPost)
        asking.add(1, span: 0.5, type: true)
        asking.add(3, span: 0.8, type: true)
        while asking.turn({ name in
            name.hasPrefix("span") ? Self.value(.string(name.contains("b") ? "b c" : "d e")) : .success(.keep)
        }) {}
        let words = ["span b/PER", "span d/PER"]
        let types = ["type b c/PER", "type d e/PER"]
        let expected: [[String]] =
            switch perPost {
            case 0: []
            // The least sure first.
            case 1: [["span d/PER"]]
            case 2: [words]
            case 3: [words, ["type b c/PER"]]
            case 4: [words, types]
            case 5: [["span b/PER", "type b/PER", "span d/PER"], types]
            default: [["span b/PER", "type b/PER", "span d/PER", "type d/PER"], types]
            }
        #expect(asking.turns == expected)
    }

    @Test("mentions do not wait for each other, and one that is unsure of little is asked about that at once")
    func together() {
        var asking = Asking()
        asking.add(0, span: 0.5, type: true)
        asking.add(1, type: true)
        asking.add(2)
        while asking.turn({ _ in .success(.keep) }) {}
        #expect(asking.turns == [["span a/PER", "type a/PER", "type b/PER"]])
    }

    /// One round after the other, each question alone, written anew and simply.
    private static func reference(_ asking: Asking, _ answer: (String) -> DelegateOutcome) -> [Mention] {
        var asking = asking
        var left = asking.mentions.map { _ in ConsultationScheme.correct.rounds }
        var room = asking.questions.plan.perPost
        var dropped: Set<Int> = []
        while true {
            var now: [(place: Int, doubt: Float, round: ConsultationRound)] = []
            for place in asking.mentions.indices where !dropped.contains(place) {
                let mention = asking.mentions[place]
                while let round = left[place].first {
                    left[place].removeFirst()
                    let doubt = asking.questions.uncertainty(of: mention, in: round.parts[0])
                    if doubt > asking.questions.threshold(in: round.parts[0]) {
                        now.append((place, doubt, round))
                        break
                    }
                }
            }
            now = Array(now.sorted { $0.doubt > $1.doubt }.prefix(room)).sorted { $0.place < $1.place }
            if now.isEmpty { break }
            room -= now.count
            let names = now.compactMap { question in
                asking.questions.question(about: asking.mentions[question.place], in: question.round)
                    .map { asking.name($0.request) }
            }
            for (question, name) in zip(now, names) {
                guard case .success(.value(let value, let confidence)) = answer(name) else { continue }
                var mention = asking.mentions[question.place]
                switch question.round {
                case .span:
                    let words = value.string ?? ""
                    if words.isEmpty { dropped.insert(question.place) }
                    // Answers of this test are words that begin where the mention does.
                    let end = mention.words.lowerBound + (words.count + 1) / 2
                    let others = asking.mentions.indices.filter { $0 != question.place }
                    guard !words.isEmpty, end != mention.words.upperBound,
                        others.allSatisfy({ asking.mentions[$0].words.lowerBound >= end || $0 < question.place })
                    else { continue }
                    mention.words = mention.words.lowerBound..<end
                    mention.scalars = mention.scalars.lowerBound..<2 * end - 1
                    mention.score = confidence ?? mention.score
                    mention.corrected.insert(.span)
                case .type:
                    guard let type = asking.questions.types.firstIndex(of: value.string ?? ""), type != mention.type
                    else { continue }
                    (mention.type, mention.score) = (type, confidence ?? mention.score)
                    mention.corrected.insert(.type)
                default:
                    (mention.box, mention.visible) = (nil, confidence.map { 1 - $0 } ?? mention.visible)
                    mention.corrected.insert(.region)
                }
                asking.mentions[question.place] = mention
            }
        }
        return asking.mentions.indices.filter { !dropped.contains($0) }.map { asking.mentions[$0] }
    }

    /// Depends on what is asked, and on nothing else.
    private static func answer(to name: String, seed: UInt64) -> DelegateOutcome {
        let hash = name.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let die = Int((hash ^ hash >> 29) >> 7 & 0xffff) % 7
        let words = String(name.split(separator: " ", maxSplits: 1)[1].prefix { $0 != "/" })
        if die == 0 { return .failure(.timeout) }
        if die < 3 { return .success(.keep) }
        let confidence: Float? = die == 4 ? 0.5 : nil
        if name.hasPrefix("type") { return value(.string(["PER", "LOC", "ORG", "OTHER"][die - 3]), confidence) }
        if name.hasPrefix("region") { return value(.null, confidence) }
        let first = words.unicodeScalars.first.map { Int($0.value) } ?? 0
        let next = Unicode.Scalar(UInt8(first + 1)).description
        return value(.string(die < 5 && next <= "f" ? "\(words.prefix(1)) \(next)" : die == 5 ? "" : words), confidence)
    }

    @Test("what comes of it is what one round after the other would have made, whatever is answered and may be asked")
    func sameAsOneByOne() {
        var random = SeededGenerator(seed: 5)
        var early = 0
        for seed in UInt64(0)..<2000 {
            var asking = Asking(perPost: Int(random.next() % 20))
            for word in 0..<6 where random.next() % 2 == 0 {
                let doubts = (0..<3).map { _ in random.next() % 3 > 0 }
                asking.add(
                    word, span: doubts[0] ? 0.4 + 0.05 * Float(word) : nil, type: doubts[1],
                    region: doubts[2] ? 0.9 - 0.05 * Float(word) : nil)
            }
            let expected = Self.reference(asking) { Self.answer(to: $0, seed: seed) }
            while asking.turn({ Self.answer(to: $0, seed: seed) }) {}
            #expect(asking.mentions == expected, "seed \(seed)")
            #expect(asking.turns.map(\.count).reduce(0, +) <= asking.questions.plan.perPost)
            early += asking.consultation.unused
        }
        #expect(early > 500, "some early questions are of no use, or this tests nothing")
    }
}
