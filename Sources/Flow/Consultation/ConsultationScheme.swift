import Geometry

/// What an outside model is asked about what is in doubt.
package enum ConsultationScheme: String, Sendable, CaseIterable {
    /// What is right: the words, the type, the box (UnCo, EMNLP 2025, section 3.3).
    case correct
    /// Of regions alone: what the entity is, in words (section 3.2 of RiVEG, ACL Findings 2024), whether the picture shows that
    /// (visual entailment, 3.3), and where (visual grounding, 3.4).
    case riveg

    /// Rounds of questions about one mention, in their order.
    var rounds: [ConsultationRound] {
        switch self {
        case .correct: [.span, .type, .region]
        case .riveg: [.expand, .verify, .ground]
        }
    }

    /// Whether a round can be asked before the one before it is answered.
    var asksEarly: Bool { self == .correct }
}

/// Rounds of questions.
enum ConsultationRound: Sendable {
    case span, type, region
    case expand, verify, ground

    /// What of a mention is in doubt where this is asked.
    var part: ConsultationPart {
        switch self {
        case .span: .span
        case .type: .type
        case .region, .expand, .verify, .ground: .region
        }
    }
}

/// What of a mention may be in doubt.
enum ConsultationPart: Sendable {
    case span, type, region
}

/// What a question is about.
enum ConsultationSubject: Sendable {
    case span(SpanChoices)
    case type
    /// With the picture that the box is in, and its place among the post's.
    case region(ImageSize, picture: Int)
    case expand
    case verify
    /// With the size of the picture that the box is in.
    case ground(ImageSize)
}

/// What an answer changes.
enum ConsultationChange: String, Sendable {
    /// Other words.
    case span
    /// No entity.
    case dropped
    case type
    case region
}
