@testable import Delegates
@testable import Flow
@testable import Geometry
import JSON
@testable import Model
@testable import Randomness
import Testing
@testable import Wire

/// A post about one thing or some, of which somebody is asked until all is over, as the filter does it.
struct Interview {
    static let own = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
    static let other = JSONValue.array([60, 10, 90, 40].map { .integer($0) })

    /// What the post says: a word a letter.
    static let text = "a b c d e f"

    var mentions: [Mention] = []
    var questions: ConsultationQuestions
    private(set) var turns: [[DelegateRequest]] = []
    private(set) var failures: [DelegateFailure] = []
    private(set) var changes: [ConsultationChange] = []

    init(_ scheme: ConsultationScheme, perPost: Int = 8, above threshold: Float = 0.3) {
        var plan = ConsultationPlan(
            FakeDelegate { _ in .success(.keep) }, above: .init(span: threshold, type: threshold, region: threshold),
            perPost: perPost)
        plan.scheme = scheme
        questions = ConsultationQuestions(
            plan: plan, post: Post(line: 1, text: Self.text, image: "1", alt: "a garden"),
            types: ["PER", "LOC", "ORG", "OTHER"], sizes: [ImageSize(width: 100, height: 50)], address: { .file($0) })
    }

    /// Adds a mention of one word.
    mutating func add(_ word: Int, span: Float? = nil, posterior: [Float] = [1, 0, 0, 0], region: Float? = nil) {
        var mention = Mention(
            words: word..<word + 1, scalars: 2 * word..<2 * word + 1, type: 0, score: posterior[0] * (1 - (span ?? 0)),
            posterior: posterior)
        (mention.picture, mention.provenance.hasEvidence) = (0, true)
        (mention.visible, mention.boxScore, mention.drawn) = (1, 1 - (region ?? 0), Self.own)
        mention.box = Self.own
        mentions.append(mention)
    }

    /// Asks until nothing is left to ask.
    mutating func ask(_ answer: (DelegateRequest) -> DelegateOutcome) {
        var consultation = Consultation()
        while case let requests = consultation.next(about: mentions, questions), !requests.isEmpty {
            turns.append(requests)
            consultation.outcomes = requests.map { request in
                let outcome = answer(request)
                if case .success(.value(let value, _)) = outcome, !request.isAnswer(value) { return .failure(.failed) }
                return outcome
            }
            let absorbed = consultation.absorb(&mentions, types: questions.types)
            changes += absorbed.changes
            failures += absorbed.failures
        }
        changes += consultation.settle(&mentions)
    }

    mutating func ask(_ answers: [DelegateKind: DelegateOutcome]) { ask { answers[$0.kind] ?? .success(.keep) } }

    var kinds: [[DelegateKind]] { turns.map { $0.map(\.kind) } }
    /// The members of the questions of one kind.
    func members(of kind: DelegateKind) -> [JSONValue] {
        turns.flatMap(\.self).filter { $0.kind == kind }.map { .object($0.payload) }
    }

    static func value(_ value: JSONValue, _ confidence: Float? = nil) -> DelegateOutcome {
        .success(.value(value, confidence: confidence))
    }
}

/// All schemes, whatever is in doubt, answered and allowed.
struct SchemeTests {
    private static func answer(_ request: DelegateRequest, _ die: Int) -> DelegateOutcome {
        switch (die, request.kind) {
        case (0, _): .failure(.timeout)
        case (1, _): .success(.keep)
        case (_, .correctSpan): Interview.value(.string(die < 4 ? "" : "c d"))
        case (_, .correctType), (_, .rerank): Interview.value(.string(die < 4 ? "LOC" : "ORG"))
        case (_, .search): Interview.value(.array([.string("found")]))
        case (_, .expand): Interview.value(.string("a town"))
        case (_, .verify): Interview.value(.number(die < 4 ? "0.9" : "0.1"))
        default: Interview.value(die < 4 ? .null : Interview.other)
        }
    }

    @Test("no more is asked than may be, and nothing before what it waits for", arguments: ConsultationScheme.allCases)
    func order(scheme: ConsultationScheme) {
        var random = SeededGenerator(seed: 11)
        var repeated = 0
        for _ in 0..<3000 {
            let perPost = Int(random.next() % 16)
            var post = Interview(scheme, perPost: perPost)
            for word in 0..<6 where random.next() % 2 == 0 {
                let doubts = (0..<3).map { _ in random.next() % 3 > 0 }
                post.add(
                    word, span: doubts[0] ? 0.5 : nil, posterior: doubts[1] ? [0.5, 0.3, 0.2, 0] : [1, 0, 0, 0],
                    region: doubts[2] ? 0.6 : nil)
            }
            post.ask { Self.answer($0, Int(random.next() % 6)) }
            #expect(post.turns.map(\.count).reduce(0, +) <= perPost)
            var asked: [String: Set<DelegateKind>] = [:]
            for turn in post.turns {
                let before = asked
                for request in turn {
                    let name = JSONValue.object(request.payload)["entity"]?["text"]?.string ?? ""
                    if scheme == .makar, request.kind == .correctSpan || request.kind == .correctType {
                        // Words that were corrected have their finds from what they were.
                        let isSearched = before[name]?.contains(.search) == true || name == "c d"
                        #expect(isSearched || JSONValue.object(request.payload)["evidence"] == nil)
                    }
                    if request.kind == .ground, scheme == .riveg { #expect(before[name]?.contains(.verify) == true) }
                    if asked[name]?.contains(request.kind) == true { repeated += 1 }
                    asked[name, default: []].insert(request.kind)
                }
            }
        }
        #expect(scheme == .riveg || repeated > 50, "what changes is asked about anew, or this tests nothing")
    }
}

/// GEM: which of the likeliest types, and whether the picture shows it.
struct GEMTests {
    @Test("the likeliest types are offered with their probabilities, and the picture with them; one of them is taken")
    func reranks() throws {
        var post = Interview(.gem)
        post.add(1, posterior: [0.5, 0.05, 0.15, 0.3])
        post.ask([.rerank: Interview.value(.string("other"), 0.75)])
        #expect(post.kinds == [[.rerank]])
        let asked = try #require(post.members(of: .rerank).first)
        #expect(asked["types"] == .array(["PER", "OTHER", "ORG"].map { .string($0) }))
        #expect(asked["probabilities"]?.elements?.map(\.double) == [0.5, 0.3, 0.15])
        #expect(asked["text"]?.string == Interview.text && asked["entity"]?["text"]?.string == "b")
        #expect(asked["images"]?.elements?.count == 1 && asked["alt"]?.string == "a garden")
        #expect(post.mentions[0].type == 3 && post.mentions[0].score == 0.75)
        #expect(post.mentions[0].corrected == [.type] && post.changes == [.type])
    }

    @Test("a type that is not in the list, or none, leaves the model's own", arguments: ["LOC", "SCIENCE", ""])
    func outside(type: String) {
        var post = Interview(.gem)
        post.add(1, posterior: [0.5, 0.05, 0.15, 0.3])
        let before = post.mentions
        post.ask([.rerank: Interview.value(.string(type))])
        #expect(post.mentions == before && post.failures == [.failed] && post.changes.isEmpty)
    }

    @Test("the type that a mention has is always offered, and what nobody has an opinion on is not asked")
    func offers() throws {
        var mention = Mention(words: 0..<1, type: 3, score: 1, posterior: [0.4, 0.3, 0.2, 0.1])
        let names = ["PER", "LOC", "ORG", "OTHER"]
        #expect(try #require(LikelyTypes(of: mention, names: names)).names == ["PER", "LOC", "OTHER"])
        mention.posterior = [0.25, 0.25, 0.25, 0.25]
        #expect(try #require(LikelyTypes(of: mention, names: names)).names == ["PER", "LOC", "OTHER"])
        mention.posterior = []
        #expect(LikelyTypes(of: mention, names: names) == nil)
        (mention.posterior, mention.type) = ([1], 0)
        #expect(LikelyTypes(of: mention, names: ["NAME"]) == nil)
    }

    @Test(
        "the gate is asked for at once; the box is the model's own, and nobody is asked where", arguments: [0.9, 0.2])
    func gate(visible: Double) throws {
        var post = Interview(.gem)
        post.add(1, posterior: [0.5, 0.5, 0, 0], region: 0.5)
        post.ask([.verify: Interview.value(.number(visible, decimals: 2))])
        #expect(post.kinds == [[.rerank, .verify]])
        #expect(post.members(of: .verify)[0]["expression"]?.string == "b(PER)-per")
        #expect(post.mentions[0].box == (visible > 0.5 ? Interview.own : nil))
        #expect(post.changes == (visible > 0.5 ? [] : [.region]))
        #expect(post.mentions[0].boxScore == 0.5)
    }

    @Test("what was said of the old type is asked anew of the new one")
    func changes() {
        var post = Interview(.gem)
        post.add(1, posterior: [0.5, 0.5, 0, 0], region: 0.5)
        post.ask { request in
            if request.kind == .rerank { return Interview.value(.string("LOC")) }
            let isOld = JSONValue.object(request.payload)["expression"]?.string == "b(PER)-per"
            return Interview.value(.number(isOld ? "0.1" : "0.9"))
        }
        #expect(post.kinds == [[.rerank, .verify], [.verify]])
        #expect(post.members(of: .verify).map { $0["expression"]?.string } == ["b(PER)-per", "b(LOC)-loc"])
        #expect(post.mentions[0].type == 1 && post.mentions[0].box == Interview.own && post.changes == [.type])
    }

    @Test("neither words are asked about, nor what the model is sure of")
    func limits() {
        var post = Interview(.gem)
        post.add(1, span: 0.9)
        post.add(2)
        post.ask([:])
        #expect(post.turns.isEmpty)
    }
}

/// MAKAR: a search, then words and type by what it found, then where.
struct MakarTests {
    private static let found = JSONValue.array([.string(" B is a \n town "), .string("It has a c.")])

    @Test("what is found goes with the questions about words and type, which wait for it")
    func evidence() throws {
        var post = Interview(.makar)
        post.add(1, span: 0.4, posterior: [0.5, 0.5, 0, 0], region: 0.5)
        post.ask([
            .search: Interview.value(Self.found), .correctType: Interview.value(.string("LOC")),
            .ground: Interview.value(Interview.other, 0.75),
        ])
        #expect(post.kinds == [[.search], [.correctSpan, .correctType, .ground], [.ground]])
        let search = try #require(post.members(of: .search).first)
        #expect(search["query"]?.string == #""b" a c d e f"#)
        #expect(search["images"] == nil && search["types"] == nil && search["entity"]?["start"]?.integer == 2)
        let told = JSONValue.array([.string("B is a town"), .string("It has a c.")])
        #expect(post.members(of: .correctSpan)[0]["evidence"] == told)
        #expect(post.members(of: .correctType)[0]["evidence"] == told)
        #expect(post.members(of: .ground).map { $0["expression"]?.string } == ["b(PER)-per", "b(LOC)-loc"])
        #expect(post.mentions[0].type == 1 && post.mentions[0].corrected == [.type, .region])
        let box = try #require(post.mentions[0].box)
        #expect(box.overlap(RelativeBox(x1: 0.6, y1: 0.2, x2: 0.9, y2: 0.8)) > 0.999)
        #expect(post.mentions[0].boxScore == 0.75)
    }

    @Test("a search is asked where words or type are in doubt, and says the greater doubt; where is asked alone, too")
    func doubts() {
        var post = Interview(.makar)
        post.add(0, span: 0.4)
        post.add(1, posterior: [0.5, 0.5, 0, 0])
        post.add(2, region: 0.6)
        post.add(3)
        post.mentions[2].box = nil
        post.mentions[2].visible = 0.5
        post.ask([:])
        #expect(post.kinds == [[.search, .search, .ground], [.correctSpan, .correctType]])
        #expect(post.members(of: .search).map { $0["uncertainty"]?.double } == [0.4, 0.5])
        #expect(post.members(of: .search).allSatisfy { $0["threshold"]?.double == 0.3 })
        // Nothing was found: the questions are those without a search.
        #expect(post.members(of: .correctSpan)[0]["evidence"] == nil && post.changes.isEmpty)
    }

    @Test(
        "what is no list of texts is no answer",
        arguments: [JSONValue.string("b"), .null, .array([.integer(1)]), .array([.string("b"), .null]), .object([])])
    func lies(_ lie: JSONValue) {
        var post = Interview(.makar)
        post.add(1, span: 0.4)
        post.ask([.search: Interview.value(lie)])
        #expect(post.failures == [.failed] && post.kinds == [[.search], [.correctSpan]])
        #expect(post.members(of: .correctSpan)[0]["evidence"] == nil)
    }

    @Test("finds are few, short, and of one line")
    func bounds() {
        let long = String(repeating: "x", count: 600)
        let value = JSONValue.array([" ", long, "a\nb", "c", "d"].map { .string($0) })
        #expect(SearchEvidence.snippets(value) == [String(repeating: "x", count: 500), "a b", "c"])
        #expect(SearchEvidence.snippets(.array([])) == [])
    }

    @Test("a query is the name and the words around it, without addresses and halves of words")
    func queries() {
        func query(_ text: String, _ name: String) -> String? {
            guard let range = text.range(of: name) else { return nil }
            let start = text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
            return SearchEvidence.query(for: start..<start + name.unicodeScalars.count, in: text)
        }
        #expect(
            query("Sunset over Garfield Park http://t.co/x tonight", "Garfield Park")
                == #""Garfield Park" Sunset over tonight"#)
        #expect(query("Kim", "Kim") == #""Kim""#)
        #expect(
            query("1 2 3 4 5 6 7 8 9 \"Big\n Ben\" 1 2 3 4 5 6 7 8 9", "\"Big\n Ben\"")
                == #""Big Ben" 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8"#)
        let word = String(repeating: "é", count: 100)
        #expect(query("\(word) \(word) in Rio \(word) \(word)", "Rio") == "\"Rio\" \(word) in \(word)")
        #expect(query("🏳️‍🌈 Ann 🏳️‍🌈", "Ann") == "\"Ann\" 🏳️‍🌈 🏳️‍🌈")
    }

    @Test("no search takes the place of the question that it is for", arguments: 0...5)
    func budgets(perPost: Int) {
        var post = Interview(.makar, perPost: perPost)
        post.add(1, span: 0.6)
        post.add(3, span: 0.4)
        post.ask([.search: Interview.value(Self.found)])
        let expected: [[DelegateKind]] =
            switch perPost {
            case 0: []
            case 1: [[.correctSpan]]
            case 2: [[.search], [.correctSpan]]
            case 3: [[.search], [.correctSpan], [.correctSpan]]
            default: [[.search, .search], [.correctSpan, .correctSpan]]
            }
        #expect(post.kinds == expected)
        let told = post.members(of: .correctSpan).map { $0["evidence"] != nil }
        #expect(told == (perPost == 1 ? [false] : perPost == 3 ? [true, false] : told.map { _ in true }))
    }

    @Test("an entity that is none, or has other words, is not looked for as what it was")
    func words() {
        var post = Interview(.makar)
        post.add(1, span: 0.4, region: 0.5)
        post.add(4, span: 0.4, region: 0.5)
        post.ask { request in
            guard request.kind == .correctSpan else {
                return request.kind == .ground ? Interview.value(.null) : .success(.keep)
            }
            let name = JSONValue.object(request.payload)["entity"]?["text"]?.string
            return Interview.value(.string(name == "b" ? "b c" : ""))
        }
        #expect(post.kinds == [[.search, .search], [.correctSpan, .ground, .correctSpan, .ground], [.ground]])
        #expect(
            post.members(of: .ground).map { $0["expression"]?.string } == ["b(PER)-per", "e(PER)-per", "b c(PER)-per"])
        #expect(post.mentions.count == 1 && post.mentions[0].box == nil)
        #expect(post.changes == [.span, .dropped, .region])
    }
}
