extension JSONValue {
    /// Paths of members that another value does not have at the same place, as `settings.words.pooling`: what a reader
    /// left unread, where `other` is what it would write. Members that are `null` say nothing and do not count; of arrays
    /// only elements that both have are looked into.
    package func members(missingIn other: JSONValue) -> [String] {
        switch (self, other) {
        case (.object(let members), .object):
            members.flatMap { member -> [String] in
                guard member.value != .null else { return [] }
                guard let known = other[member.key] else { return [member.key] }
                return member.value.members(missingIn: known).map { "\(member.key).\($0)" }
            }
        case (.array(let mine), .array(let theirs)):
            zip(mine, theirs).enumerated().flatMap { index, pair in
                pair.0.members(missingIn: pair.1).map { "\(index).\($0)" }
            }
        default: []
        }
    }
}
