import Delegates
import Geometry
import Images
import JSON
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

    /// What is known of the post, which has not been read; its pictures have not been opened.
    var knowledge: DelegateRequest {
        var payload: [JSONValue.Member] = [.init("text", .string(post.text))]
        if let alt = post.allAlt, !alt.isEmpty { payload.append(.init("alt", .string(alt))) }
        return DelegateRequest(.knowledge, payload, post: id) { $0.string != nil }
    }

    /// The question about a mention; `nil` where there is none, as there is no picture to look at, or nothing to look for.
    func question(
        about mention: Mention, in round: ConsultationRound, _ inquiry: RegionInquiry = RegionInquiry()
    ) -> (subject: ConsultationSubject, request: DelegateRequest)? {
        switch round {
        case .span:
            let words = post.tokens ?? WordSplitter.words(in: post.text).map(\.scalars)
            let choices = SpanChoices(around: mention.words, of: words, in: post.text)
            return (
                .span(choices),
                request(.correctSpan, mention, round, pictures: Array(sizes.indices)) { value in
                    value.string.map { $0.isEmpty || choices.find($0) != nil } ?? false
                }
            )
        case .type:
            let types = types
            return (
                .type,
                request(.correctType, mention, round, pictures: Array(sizes.indices)) { value in
                    value.string.map { types.place(of: $0) != nil } ?? false
                }
            )
        case .region, .expand, .verify, .ground:
            return regionQuestion(about: mention, in: round, inquiry)
        }
    }

    /// The question about what a picture shows of a mention.
    private func regionQuestion(
        about mention: Mention, in round: ConsultationRound, _ inquiry: RegionInquiry
    ) -> (subject: ConsultationSubject, request: DelegateRequest)? {
        guard let picture = mention.picture, sizes.indices.contains(picture), let size = sizes[picture] else {
            return nil
        }
        let isBox: @Sendable (JSONValue) -> Bool = { $0 == .null || PixelBox(answer: $0, in: size) != nil }
        let expression = inquiry.expression(
            of: post.text.slice(scalars: mention.scalars), type: types[mention.type])
        switch round {
        case .span, .type: return nil
        case .region:
            return (
                .region(size, picture: picture),
                request(.correctRegion, mention, round, pictures: [picture], isAnswer: isBox)
            )
        case .expand:
            // Whoever says what a name stands for reads; who looks is asked next.
            let request = request(.expand, mention, round, pictures: [picture]) { value in
                value.string.flatMap(RegionInquiry.phrase) != nil
            }
            return (.expand, request)
        case .verify:
            let request = request(.verify, mention, round, pictures: [picture], expression: expression) {
                RegionInquiry.probability($0) != nil
            }
            return (.verify, request)
        case .ground:
            guard inquiry.isWorthGrounding(mention) else { return nil }
            let request = request(
                .ground, mention, round, pictures: [picture], expression: expression, isAnswer: isBox)
            return (.ground(size), request)
        }
    }

    /// A question. Where there is something to look for, no type is to be chosen.
    private func request(
        _ kind: DelegateKind, _ mention: Mention, _ round: ConsultationRound, pictures places: [Int],
        expression: String? = nil, isAnswer: @escaping @Sendable (JSONValue) -> Bool
    ) -> DelegateRequest {
        var payload: [JSONValue.Member] = [.init("text", .string(post.text)), .init("entity", entity(mention))]
        if let expression {
            payload.append(.init("expression", .string(expression)))
        } else {
            payload.append(.init("types", .array(types.map { .string($0) })))
        }
        payload.append(.init("uncertainty", .number(uncertainty(of: mention, in: round), decimals: 4)))
        payload.append(.init("threshold", .number(threshold(in: round), decimals: 4)))
        let alt = places.count == 1 ? post.alt(of: places[0]) : post.allAlt
        if let alt, !alt.isEmpty { payload.append(.init("alt", .string(alt))) }
        if let knowledge = post.knowledge { payload.append(.init("knowledge", .string(knowledge))) }
        let images = kind == .expand ? [] : places.compactMap { image($0) }
        if !images.isEmpty { payload.append(.init("images", .array(images))) }
        return DelegateRequest(kind, payload, post: id, isAnswer: isAnswer)
    }

    private var id: JSONValue? { post.id.flatMap { try? JSONValue(parsing: $0.bytes) } }

    /// How unsure the model is of what a round asks about.
    func uncertainty(of mention: Mention, in round: ConsultationRound) -> Float {
        let uncertainty = mention.uncertainty
        return switch round.part {
        case .span: uncertainty.span
        case .type: uncertainty.type
        case .region: uncertainty.region
        }
    }

    /// Above what it is asked about.
    func threshold(in round: ConsultationRound) -> Float {
        switch round.part {
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

    private func image(_ place: Int) -> JSONValue? {
        guard let size = sizes[place], let location = post.images[place].location, let address = address(location)
        else {
            return nil
        }
        let source: JSONValue.Member =
            switch address {
            case .file(let path): .init("path", .string(path))
            case .data(let uri): .init("data", .string(uri))
            }
        return .object([source, .init("w", .integer(size.width)), .init("h", .integer(size.height))])
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

    fileprivate var json: JSONValue { .array([x1, y1, x2, y2].map { .number($0, decimals: 1) }) }
}
