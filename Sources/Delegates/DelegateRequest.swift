package import JSON

/// What an outside model can be asked.
package enum DelegateKind: String, Sendable, CaseIterable {
    /// What a picture shows, in a sentence.
    case caption
    /// What is known about the entities of a text.
    case knowledge
    /// What an entity is, in a short noun phrase (RiVEG, section 3.2).
    case expand
    /// How probably a picture shows an entity.
    case verify
    /// Where a picture shows an entity.
    case ground
    /// Which of a few types an entity has (GEM).
    case rerank
    /// Which words an entity has (UnCo, section 3.3).
    case correctSpan = "correct-span"
    /// Which type it has.
    case correctType = "correct-type"
    /// Where the picture shows it.
    case correctRegion = "correct-region"
    /// What a search for some words finds (MAKAR).
    case search
    /// Labelled sentences made after one that is given (ReFineG).
    case synth
    /// Which pixels of a box belong to what it shows.
    case segment
}

/// A question to an outside model: everything that its answer may depend on, and nothing else.
package struct DelegateRequest: Sendable {
    /// What is asked.
    package let kind: DelegateKind
    /// Members of the request besides those that all have, in a fixed order.
    package var payload: [JSONValue.Member]
    /// The post's id as it was written, for whoever answers from a list; no part of the question.
    package var post: JSONValue?
    /// Whether a value answers the question. What does not is as if there had been none.
    package let isAnswer: @Sendable (JSONValue) -> Bool

    /// A question.
    package init(
        _ kind: DelegateKind, _ payload: [JSONValue.Member], post: JSONValue? = nil,
        isAnswer: @escaping @Sendable (JSONValue) -> Bool
    ) {
        self.kind = kind
        self.payload = payload
        self.post = post
        self.isAnswer = isAnswer
    }

    /// Kind and payload as JSON: what makes two requests the same.
    package var question: [UInt8] {
        var bytes: [UInt8] = []
        JSONValue.object([.init("kind", .string(kind.rawValue))] + payload).write(into: &bytes)
        return bytes
    }

    /// The request as a line of the protocol, newline included.
    func line(id: Int, milliseconds: Int) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init("v", .integer(1)), .init("id", .integer(id)), .init("kind", .string(kind.rawValue)),
            .init("deadline_ms", .integer(milliseconds)), .init("temperature", .number("0.1")),
        ]
        if let post { members.append(.init("post", post)) }
        var bytes: [UInt8] = []
        JSONValue.object(members + payload).write(into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

/// What an outside model says.
package enum DelegateReply: Sendable, Equatable {
    /// What there is is right.
    case keep
    /// The answer, and how sure it is, 0…1, where it says so.
    case value(JSONValue, confidence: Float?)
}

/// Why a question has no answer.
package enum DelegateFailure: String, Error, Sendable, CaseIterable {
    /// None came in time.
    case timeout
    /// The outside model said that it has none, said what is none, or died over it, and so again.
    case failed
    /// The outside model has failed so often that it is left alone for a while.
    case open
    /// More questions than are allowed.
    case budget
    /// There is no outside model, only a record of what one said before.
    case unrecorded
    /// The stream ends.
    case closed

    /// One sentence for people.
    package var message: String {
        switch self {
        case .timeout: "the delegate did not answer in time"
        case .failed: "the delegate gave no answer that could be used"
        case .open: "the delegate fails, and is left alone for a while"
        case .budget: "there were more questions for the delegate than are allowed"
        case .unrecorded: "the record of the delegate's answers has none to this"
        case .closed: "the stream ended before the delegate answered"
        }
    }
}
