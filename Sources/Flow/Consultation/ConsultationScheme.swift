import Geometry
import Wire

/// What an outside model is asked about what is in doubt.
package enum ConsultationScheme: String, Sendable, CaseIterable {
    /// What is right: the words, the type, the box (UnCo, EMNLP 2025, section 3.3).
    case correct
    /// Of regions alone: what the entity is, in words (section 3.2 of RiVEG, ACL Findings 2024), whether the picture shows that
    /// (visual entailment, 3.3), and where (visual grounding, 3.4).
    case riveg
    /// Which of the likeliest types it is, and whether the picture shows it; where, the model itself says (GEM, EMNLP Findings
    /// 2024).
    case gem
    /// What a search finds of it, with which words and type are corrected; then where the picture shows it (ECA and ERGA of
    /// MAKAR, EMNLP 2025).
    case makar

    /// Rounds of questions about one mention, in their order. Those of a group can be asked before the ones before them are
    /// answered; a group cannot.
    private var groups: [[ConsultationRound]] {
        switch self {
        case .correct: [[.span, .type, .region]]
        case .riveg: [[.expand], [.verify], [.ground]]
        case .gem: [[.rerank, .verify]]
        case .makar: [[.search], [.span, .type, .ground]]
        }
    }

    /// Rounds of questions about one mention, in their order.
    var rounds: [ConsultationRound] { groups.flatMap(\.self) }

    /// Whether a round can be asked only when those before it are over.
    func waits(_ round: ConsultationRound) -> Bool { groups.contains { $0.first == round } }

    /// Whether a question is of use only with those that follow it.
    var decidesTogether: Bool { groups.count > 1 }

    /// Whether what is found elsewhere goes with questions about words and type.
    package var searches: Bool { rounds.contains(.search) }

    /// Whether it is asked if a picture shows something before it is asked where.
    var verifies: Bool { rounds.contains(.verify) }
}

/// Rounds of questions.
enum ConsultationRound: Sendable {
    case span, type, region
    case expand, verify, ground
    case rerank, search

    /// What of a mention is in doubt where this is asked: one of these, at least.
    var parts: [ConsultationPart] {
        switch self {
        case .span: [.span]
        case .type, .rerank: [.type]
        case .region, .expand, .verify, .ground: [.region]
        case .search: [.span, .type]
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
    /// One of these types, by their names.
    case type([String])
    /// With the picture that the box is in, and its place among the post's.
    case region(ImageSize, picture: Int)
    case expand
    case verify
    /// With the size of the picture that the box is in.
    case ground(ImageSize)
    case search
    /// With the size of the picture, the box in it, and the form that its pixels are answered in.
    case segment(ImageSize, PixelBox, MaskForm)
}

/// What an answer changes.
enum ConsultationChange: String, Sendable {
    /// Other words.
    case span
    /// No entity.
    case dropped
    case type
    case region
    /// Other pixels of what is in the box.
    case mask
}
