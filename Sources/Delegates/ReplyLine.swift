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
        reply = value["ok"] == .boolean(true) ? DelegateReply(value) : nil
    }
}

extension DelegateReply {
    /// What members of an object say; `nil` where they say nothing.
    init?(_ members: JSONValue) {
        if members["keep"] == .boolean(true) {
            self = .keep
            return
        }
        guard let value = members["value"] else { return nil }
        self = .value(value, confidence: members["confidence"]?.double.map { Float(min(max($0, 0), 1)) })
    }

    /// The same as members of an object.
    var json: JSONValue {
        switch self {
        case .keep: return .object([.init("keep", .boolean(true))])
        case .value(let value, let confidence):
            var members: [JSONValue.Member] = [.init("value", value)]
            if let confidence { members.append(.init("confidence", .number(confidence, decimals: 4))) }
            return .object(members)
        }
    }
}
