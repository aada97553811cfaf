import JSON

/// A line that an outside model wrote.
struct ReplyLine: Equatable {
    /// The number of the request.
    let id: Int
    /// What is said; `nil` where the outside model says that it has no answer, or says nothing that could be one.
    let reply: DelegateReply?

    /// Reads a line; `nil` for one that belongs to no request.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let id = value["id"]?.integer else { return nil }
        self.id = id
        guard value["ok"] == .boolean(true) else {
            reply = nil
            return
        }
        if value["keep"] == .boolean(true) {
            reply = .keep
            return
        }
        let confidence = value["confidence"]?.double.map { Float(min(max($0, 0), 1)) }
        reply = value["value"].map { .value($0, confidence: confidence) }
    }
}
