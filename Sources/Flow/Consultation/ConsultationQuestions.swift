import Delegates
import Geometry
import Images
import JSON
import KnowledgeBase
import Model
import Text
import Wire

/// Puts doubts about one post into questions.
struct ConsultationQuestions {
    let plan: ConsultationPlan
    let post: Post
    /// Names of the types that the model tells.
    let types: [String]
    /// Sizes of the post's pictures, as far as they could be read.
    let sizes: [ImageSize?]
    /// Where others find a picture.
    let address: (String) -> PictureAddress?
    /// What answers searches that nobody else does.
    var base: KnowledgeBase?
    /// The size of a picture that was not opened yet; `nil` where it cannot be used.
    var measure: (String) -> ImageSize? = { _ in nil }
    /// The form in which pixels of boxes are answered; `nil`: not at all.
    var masks: MaskForm?

    /// Finds labelled posts that are like this one; `nil` where there are none.
    var finder: ExampleFinder?
    /// Names and types of what was found in the post.
    var entities: [(text: String, type: String)] = []
    let found = FoundExamples()

    /// A question, and what it is about.
    typealias Question = (subject: ConsultationSubject, request: DelegateRequest)

    /// What each picture shows that has no alternative text, if it can be opened.
    var captions: [(picture: Int, request: DelegateRequest)] {
        guard plan.asksCaptions else { return [] }
        return post.images.indices.compactMap { place in
            guard post.lacksAlt(of: place), let location = post.images[place].location, let size = measure(location),
                let image = image(place, size)
            else { return nil }
            let request = DelegateRequest(.caption, [.init("images", .array([image]))], post: id) {
                PostInquiry.caption($0) != nil
            }
            return (place, request)
        }
    }

    /// Whether somebody is asked what is known of the post.
    var isKnowledgeWanted: Bool { plan.asksKnowledge && post.knowledge == nil }

    /// What is known of the post, which has not been read; its pictures have not been opened.
    var knowledge: DelegateRequest {
        var payload: [JSONValue.Member] = [.init("text", .string(post.text))]
        if let alt = post.allAlt, !alt.isEmpty { payload.append(.init("alt", .string(alt))) }
        payload += examples
        return DelegateRequest(.knowledge, payload, post: id) { $0.string != nil }
    }

    /// Which pixels of a mention's box show it; `nil` where it has none, or nobody wants to know.
    func maskQuestion(about mention: Mention) -> Question? {
        guard plan.asksMasks, let masks, let picture = mention.picture, sizes.indices.contains(picture),
            let size = sizes[picture], max(size.width, size.height) <= Mask.maxSide,
            let box = mention.box.map({ PixelBox($0, of: size) }), let image = image(picture, size)
        else { return nil }
        let payload: [JSONValue.Member] = [
            .init("text", .string(post.text)), .init("entity", entity(mention)), .init("box", box.json),
            .init("images", .array([image])),
        ]
        let request = DelegateRequest(.segment, payload, post: id) { Mask(answer: $0, of: size, in: box) != nil }
        return (.segment(size, box, masks), request)
    }

    /// The question about a mention; `nil` where there is none, as there is no picture to look at, or nothing to look for, or to
    /// choose from.
    func question(
        about mention: Mention, in round: ConsultationRound, _ inquiry: MentionInquiry = MentionInquiry()
    ) -> Question? {
        switch round {
        case .span: return spanQuestion(about: mention, inquiry)
        case .type:
            var parts = QuestionParts(types: types, pictures: Array(sizes.indices))
            parts.evidence = evidence(of: mention, inquiry)
            return typeQuestion(.correctType, about: mention, in: round, among: types, parts)
        case .rerank:
            guard let likely = LikelyTypes(of: mention, names: types) else { return nil }
            var parts = QuestionParts(types: likely.names, pictures: Array(sizes.indices))
            parts.specific.append(.init("probabilities", likely.probabilities))
            return typeQuestion(.rerank, about: mention, in: round, among: likely.names, parts)
        case .search:
            let query = SearchEvidence.query(for: mention.scalars, in: post.text)
            var parts = QuestionParts([.init("query", .string(query))], pictures: Array(sizes.indices))
            parts.areShown = false
            return (.search, request(.search, mention, round, parts) { SearchEvidence.snippets($0) != nil })
        case .region, .expand, .verify, .ground:
            return regionQuestion(about: mention, in: round, inquiry.region)
        }
    }

    private func spanQuestion(about mention: Mention, _ inquiry: MentionInquiry) -> Question {
        let words = post.tokens ?? WordSplitter.words(in: post.text).map(\.scalars)
        let choices = SpanChoices(around: mention.words, of: words, in: post.text)
        var parts = QuestionParts(types: types, pictures: Array(sizes.indices))
        parts.evidence = evidence(of: mention, inquiry)
        let request = request(.correctSpan, mention, .span, parts) { value in
            value.string.map { $0.isEmpty || choices.find($0) != nil } ?? false
        }
        return (.span(choices), request)
    }

    private func typeQuestion(
        _ kind: DelegateKind, about mention: Mention, in round: ConsultationRound, among types: [String],
        _ parts: QuestionParts
    ) -> Question {
        let request = request(kind, mention, round, parts) { value in
            value.string.map { types.place(of: $0) != nil } ?? false
        }
        return (.type(types), request)
    }

    /// What a search found, or in its place what the knowledge base has, where such things are asked for.
    private func evidence(of mention: Mention, _ inquiry: MentionInquiry) -> [String] {
        guard plan.scheme.searches else { return [] }
        guard inquiry.evidence.isEmpty, let base else { return inquiry.evidence }
        return SearchEvidence.snippets(of: post.text.slice(scalars: mention.scalars), in: base)
    }

    /// The question about what a picture shows of a mention.
    private func regionQuestion(
        about mention: Mention, in round: ConsultationRound, _ inquiry: RegionInquiry
    ) -> Question? {
        guard let picture = mention.picture, sizes.indices.contains(picture), let size = sizes[picture] else {
            return nil
        }
        let isBox: @Sendable (JSONValue) -> Bool = { $0 == .null || PixelBox(answer: $0, in: size) != nil }
        let types = QuestionParts(types: types, pictures: [picture])
        let expression = inquiry.expression(
            of: post.text.slice(scalars: mention.scalars), type: self.types[mention.type])
        let described = QuestionParts([.init("expression", .string(expression))], pictures: [picture])
        switch round {
        case .span, .type, .rerank, .search: return nil
        case .region:
            return (
                .region(size, picture: picture), request(.correctRegion, mention, round, types, isAnswer: isBox)
            )
        case .expand:
            // Whoever says what a name stands for reads; who looks is asked next.
            var parts = types
            parts.areShown = false
            return (.expand, request(.expand, mention, round, parts) { $0.string.flatMap(RegionInquiry.phrase) != nil })
        case .verify:
            return (
                .verify, request(.verify, mention, round, described) { RegionInquiry.probability($0) != nil }
            )
        case .ground:
            guard !plan.scheme.verifies || inquiry.isWorthGrounding(mention) else { return nil }
            return (.ground(size), request(.ground, mention, round, described, isAnswer: isBox))
        }
    }

    private func request(
        _ kind: DelegateKind, _ mention: Mention, _ round: ConsultationRound, _ parts: QuestionParts,
        isAnswer: @escaping @Sendable (JSONValue) -> Bool
    ) -> DelegateRequest {
        let part = part(of: mention, in: round)
        var payload: [JSONValue.Member] = [.init("text", .string(post.text)), .init("entity", entity(mention))]
        payload += parts.specific
        payload.append(.init("uncertainty", .number(uncertainty(of: mention, in: part), decimals: 4)))
        payload.append(.init("threshold", .number(threshold(in: part), decimals: 4)))
        let alt = parts.pictures.count == 1 ? post.alt(of: parts.pictures[0]) : post.allAlt
        if let alt, !alt.isEmpty { payload.append(.init("alt", .string(alt))) }
        if let knowledge = post.knowledge { payload.append(.init("knowledge", .string(knowledge))) }
        if !parts.evidence.isEmpty {
            payload.append(.init("evidence", .array(parts.evidence.map { .string($0) })))
        }
        if Self.kindsWithExamples.contains(kind) { payload += examples }
        let images = parts.areShown ? parts.pictures.compactMap { image($0, sizes[$0]) } : []
        if !images.isEmpty { payload.append(.init("images", .array(images))) }
        return DelegateRequest(kind, payload, post: id, isAnswer: isAnswer)
    }

    private var id: JSONValue? { post.id.flatMap { try? JSONValue(parsing: $0.bytes) } }

    /// How unsure the model is of what a round asks about, where that is more than a threshold allows; of several parts, the
    /// most that it is of any such.
    func doubt(about mention: Mention, in round: ConsultationRound) -> Float? {
        round.parts.filter { uncertainty(of: mention, in: $0) > threshold(in: $0) }
            .map { uncertainty(of: mention, in: $0) }.max()
    }

    /// The part that a round asks about; of several, the one that is furthest above its threshold.
    private func part(of mention: Mention, in round: ConsultationRound) -> ConsultationPart {
        func excess(_ part: ConsultationPart) -> Float { uncertainty(of: mention, in: part) - threshold(in: part) }
        return round.parts.max { excess($0) < excess($1) } ?? .span
    }

    /// How unsure the model is of a part.
    func uncertainty(of mention: Mention, in part: ConsultationPart) -> Float {
        let uncertainty = mention.uncertainty
        return switch part {
        case .span: uncertainty.span
        case .type: uncertainty.type
        case .region: uncertainty.region
        }
    }

    /// Above what it is asked about.
    func threshold(in part: ConsultationPart) -> Float {
        switch part {
        case .span: plan.thresholds.span
        case .type: plan.thresholds.type
        case .region: plan.thresholds.region
        }
    }

    private func entity(_ mention: Mention) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("text", .string(post.text.slice(scalars: mention.scalars))),
            .init("start", .integer(mention.scalars.lowerBound)), .init("end", .integer(mention.scalars.upperBound)),
            .init("type", .string(types[mention.type])), .init("score", .number(mention.score, decimals: 4)),
            .init("visible", mention.shownVisible.map { .number($0, decimals: 4) } ?? .null),
        ]
        let size = mention.picture.flatMap { sizes.indices.contains($0) ? sizes[$0] : nil }
        let box = size.flatMap { size in mention.box.map { PixelBox($0, of: size) } }
        members.append(.init("box", box?.json ?? .null))
        members.append(.init("box_score", mention.boxScore.map { .number($0, decimals: 4) } ?? .null))
        return .object(members)
    }

    private func image(_ place: Int, _ size: ImageSize?) -> JSONValue? {
        guard let size, let location = post.images[place].location, let source = source(of: location) else {
            return nil
        }
        return .object(source + [.init("w", .integer(size.width)), .init("h", .integer(size.height))])
    }

    /// Where others find a picture.
    func source(of location: String) -> [JSONValue.Member]? {
        switch address(location) {
        case .file(let path)?: [.init("path", .string(path))]
        case .data(let uri)?: [.init("data", .string(uri))]
        case nil: nil
        }
    }
}

/// What a question has besides what all have.
struct QuestionParts {
    /// What there is to choose from, or to look for.
    var specific: [JSONValue.Member]
    /// The pictures that it is about, by their places in the post.
    var pictures: [Int]
    /// Whether they go with it; otherwise only their alternative text does.
    var areShown = true
    /// What was found elsewhere about what is asked.
    var evidence: [String] = []

    init(_ specific: [JSONValue.Member], pictures: [Int]) {
        (self.specific, self.pictures) = (specific, pictures)
    }

    init(types: [String], pictures: [Int]) {
        self.init([.init("types", .array(types.map { .string($0) }))], pictures: pictures)
    }
}

extension [String] {
    /// The place of a name: as it is spelled or, if there is none, but for the case of letters.
    func place(of name: String) -> Int? {
        firstIndex(of: name) ?? firstIndex { $0.lowercased() == name.lowercased() }
    }
}

extension PixelBox {
    /// `[x1, y1, x2, y2]` in pixels of a picture, cut at its edges; `nil` where that is no box in it.
    init?(answer: JSONValue, in size: ImageSize) {
        guard let edges = answer.elements, edges.count == 4 else { return nil }
        let numbers = edges.compactMap(\.double).map { Float($0) }
        guard numbers.count == 4, numbers.allSatisfy(\.isFinite) else { return nil }
        func cut(_ edge: Float, _ length: Int) -> Float { min(max(0, edge), Float(length)) }
        let box = PixelBox(
            x1: cut(numbers[0], size.width), y1: cut(numbers[1], size.height), x2: cut(numbers[2], size.width),
            y2: cut(numbers[3], size.height))
        guard box.x1 < box.x2, box.y1 < box.y2 else { return nil }
        self = box
    }

    /// The edges as answers have them.
    var json: JSONValue { .array([x1, y1, x2, y2].map { .number($0, decimals: 1) }) }
}
