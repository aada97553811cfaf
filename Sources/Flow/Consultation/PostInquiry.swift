import Delegates
import JSON
import Wire

/// What is asked about one post before it is read: what its pictures show, and then, with that, what is known of it. Each is
/// asked once.
struct PostInquiry: Sendable {
    private enum Step {
        case captions, knowledge, over
    }

    /// The most Unicode scalars of a caption: no platform takes many more of an alternative text.
    private static let longestCaption = 1000

    private var step = Step.captions
    /// What the open questions are about: pictures by their places in the post; `nil`: all that is known of it.
    private var open: [Int?] = []
    /// Questions so far.
    private(set) var asked = 0

    /// What pictures show that have no alternative text, by their places in the post.
    private(set) var captions: [Int: String] = [:]
    /// What is known of the post; `nil` where nobody was asked, or nothing is known.
    private(set) var knowledge: String?

    /// Nothing was asked.
    init() {}

    /// A caption, if a value is one: on one line, and not too long.
    static func caption(_ value: JSONValue) -> String? { value.string?.oneLine(atMost: longestCaption) }

    /// The next questions; none when all are over.
    mutating func next(_ questions: ConsultationQuestions) -> [DelegateRequest] {
        var requests: [DelegateRequest] = []
        let isKnowledgeWanted = questions.isKnowledgeWanted
        if step == .captions {
            step = .knowledge
            let captions = questions.captions.prefix(max(0, questions.plan.perPost - (isKnowledgeWanted ? 1 : 0)))
            (open, requests) = (captions.map(\.picture), captions.map(\.request))
        }
        if step == .knowledge, requests.isEmpty {
            step = .over
            if isKnowledgeWanted { (open, requests) = ([nil], [questions.knowledge]) }
        }
        asked += requests.count
        return requests
    }

    /// Takes what became of the open questions; returns why some have no answer.
    mutating func take(_ outcomes: [DelegateOutcome]) -> [DelegateFailure] {
        var failures: [DelegateFailure] = []
        for (picture, outcome) in zip(open, outcomes) {
            switch outcome {
            case .failure(let failure): failures.append(failure)
            case .success(.keep): break
            case .success(.value(let value, _)):
                if let picture { captions[picture] = Self.caption(value) } else { knowledge = value.string }
            }
        }
        open = []
        return failures
    }
}

extension Post {
    /// Whether somebody may say what a picture shows: there is one, and the feed does not say it.
    func lacksAlt(of picture: Int) -> Bool {
        images[picture].location != nil && (alt(of: picture) ?? "").allSatisfy(\.isWhitespace)
    }

    /// The post with what somebody says of pictures as their alternative text.
    func described(by captions: [Int: String]) -> Post {
        guard !captions.isEmpty else { return self }
        var post = self
        for (picture, caption) in captions where lacksAlt(of: picture) { post.images[picture].alt = caption }
        return post
    }
}
