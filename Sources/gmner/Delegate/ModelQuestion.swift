import Delegates
import Flow
import Geometry
import JSON
import Wire

/// A question of a filter, for a model of this package to answer.
struct ModelQuestion: Sendable {
    /// What a line was.
    enum Reading {
        case question(ModelQuestion, Post)
        /// A question that has its answer already.
        case answered(JSONValue)
        /// A question, but not one for a model that finds entities.
        case unanswerable(id: JSONValue, reason: String)
    }

    private let id: JSONValue
    private let kind: DelegateKind
    /// Unicode scalars of the entity that the question is about.
    private let entity: Range<Int>
    private let types: [String]

    /// Reads a line; `nil` for one that asks nothing, as nobody could be told of it.
    static func read(_ bytes: [UInt8]) -> Reading? {
        guard let value = try? JSONValue(parsing: bytes), let id = value["id"], id.integer != nil else { return nil }
        let kind = value["kind"]?.string.flatMap(DelegateKind.init)
        switch kind {
        case .correctSpan, .correctType, .correctRegion, .rerank, .ground, .verify: break
        // It has no words for what an entity is or a picture shows, searches nothing, and cuts out only its own boxes: what
        // there is stays. To say so is no failure, and nobody asks again.
        case .expand, .caption, .search, .segment: return .answered(keep(id: id))
        default: return .unanswerable(id: id, reason: "a model that finds entities does not answer such questions")
        }
        guard let kind, let text = value["text"]?.string, let start = value["entity"]?["start"]?.integer,
            let end = value["entity"]?["end"]?.integer, start >= 0, start < end
        else { return .unanswerable(id: id, reason: "the question has no text, or no entity in it") }
        let image = value["images"]?.elements?.first.flatMap { ($0["path"] ?? $0["data"])?.string }
        let question = ModelQuestion(
            id: id, kind: kind, entity: start..<end, types: value["types"]?.elements?.compactMap(\.string) ?? [])
        let post = Post(
            line: 0, text: text, image: image, alt: value["alt"]?.string, knowledge: value["knowledge"]?.string)
        return .question(question, post)
    }

    /// The answer that there is none.
    static func refusal(id: JSONValue, _ reason: String) -> JSONValue {
        .object([.init("id", id), .init("ok", .boolean(false)), .init("error", .string(reason))])
    }

    /// The answer, from what the model found in the text.
    func reply(to answer: FinishedPost) -> JSONValue {
        guard answer.failure == nil, let found = try? JSONValue(parsing: answer.lines)["triples"]?.elements else {
            return Self.refusal(id: id, answer.failure?.message ?? "the model gave no answer")
        }
        let nearest = found.max { share($0) < share($1) }
        guard let nearest, share(nearest) > 0 else {
            // Nothing there is an opinion on the words alone.
            return kind == .correctSpan ? value(.string(""), nil) : keep
        }
        switch kind {
        case .correctSpan: return value(nearest["entity"], nearest["score"])
        case .correctType, .rerank:
            guard let type = nearest["type"]?.string, types.isEmpty || types.contains(type) else { return keep }
            return value(.string(type), nearest["score"])
        case .verify: return nearest.present("visible").map { value($0, nil) } ?? keep
        default: return region(nearest)
        }
    }

    private func region(_ triple: JSONValue) -> JSONValue {
        guard let visible = triple.present("visible")?.double else { return keep }
        guard let box = triple.present("box") else { return value(.null, .number(1 - visible, decimals: 4)) }
        let trust = triple.present("box_score")?.double ?? 1
        return value(box, .number(visible * trust, decimals: 4))
    }

    /// Overlap of an entity with the one that is asked about, 0…1.
    private func share(_ triple: JSONValue) -> Double {
        guard let start = triple["start"]?.integer, let end = triple["end"]?.integer else { return 0 }
        let common = min(end, entity.upperBound) - max(start, entity.lowerBound)
        guard common > 0 else { return 0 }
        return Double(common) / Double(max(end, entity.upperBound) - min(start, entity.lowerBound))
    }

    private var keep: JSONValue { Self.keep(id: id) }

    /// The answer that what is there is right.
    private static func keep(id: JSONValue) -> JSONValue {
        .object([.init("id", id), .init("ok", .boolean(true)), .init("keep", .boolean(true))])
    }

    private func value(_ value: JSONValue?, _ confidence: JSONValue?) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", id), .init("ok", .boolean(true)), .init("value", value ?? .null),
        ]
        if let confidence { members.append(.init("confidence", confidence)) }
        return .object(members)
    }
}
