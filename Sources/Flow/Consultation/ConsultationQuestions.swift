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

    /// The question about a mention; `nil` where there is none, as there is no picture to look at.
    func question(
        about mention: Mention, in round: ConsultationRound
    ) -> (subject: ConsultationSubject, request: DelegateRequest)? {
        let (kind, subject, places): (DelegateKind, ConsultationSubject, [Int])
        let isAnswer: @Sendable (JSONValue) -> Bool
        switch round {
        case .span:
            let words = post.tokens ?? WordSplitter.words(in: post.text).map(\.scalars)
            let choices = SpanChoices(around: mention.words, of: words, in: post.text)
            (kind, subject, places) = (.correctSpan, .span(choices), Array(sizes.indices))
            isAnswer = { value in value.string.map { $0.isEmpty || choices.find($0) != nil } ?? false }
        case .type:
            let types = types
            (kind, subject, places) = (.correctType, .type, Array(sizes.indices))
            isAnswer = { value in value.string.map { types.place(of: $0) != nil } ?? false }
        case .region:
            guard let picture = mention.picture, sizes.indices.contains(picture), let size = sizes[picture] else {
                return nil
            }
            (kind, subject, places) = (.correctRegion, .region(size, picture: picture), [picture])
            isAnswer = { value in value == .null || PixelBox(answer: value, in: size) != nil }
        }
        var payload: [JSONValue.Member] = [.init("text", .string(post.text)), .init("entity", entity(mention))]
        payload.append(.init("types", .array(types.map { .string($0) })))
        payload.append(.init("uncertainty", .number(uncertainty(of: mention, in: round), decimals: 4)))
        payload.append(.init("threshold", .number(threshold(in: round), decimals: 4)))
        let alt = places.count == 1 ? post.alt(of: places[0]) : post.allAlt
        if let alt, !alt.isEmpty { payload.append(.init("alt", .string(alt))) }
        if let knowledge = post.knowledge { payload.append(.init("knowledge", .string(knowledge))) }
        let images = places.compactMap { image($0) }
        if !images.isEmpty { payload.append(.init("images", .array(images))) }
        return (subject, DelegateRequest(kind, payload, post: id, isAnswer: isAnswer))
    }

    private var id: JSONValue? { post.id.flatMap { try? JSONValue(parsing: $0.bytes) } }

    /// How unsure the model is of what a round asks about.
    func uncertainty(of mention: Mention, in round: ConsultationRound) -> Float {
        let uncertainty = mention.uncertainty
        return switch round {
        case .span: uncertainty.span
        case .type: uncertainty.type
        case .region: uncertainty.region
        }
    }

    /// Above what it is asked about.
    func threshold(in round: ConsultationRound) -> Float {
        switch round {
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
