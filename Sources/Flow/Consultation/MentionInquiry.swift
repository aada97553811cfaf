import JSON

/// What has been found out about a mention before anything of it is changed by that.
struct MentionInquiry: Sendable {
    /// About its region.
    private(set) var region = RegionInquiry()
    /// What a search for it found; empty where nothing was, or nobody was asked.
    private(set) var evidence: [String] = []

    /// Nothing was found out.
    init() {}

    /// Takes an answer; whether it is one of those that are gathered.
    mutating func take(_ value: JSONValue, _ confidence: Float?, to subject: ConsultationSubject) -> Bool {
        guard case .search = subject else { return region.take(value, confidence, to: subject) }
        evidence = SearchEvidence.snippets(value) ?? []
        return true
    }
}
