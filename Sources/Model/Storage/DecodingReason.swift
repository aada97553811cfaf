import FoundationEssentials
import JSON

/// What a JSON decoder stumbled over, in one line that names the member.
enum DecodingReason {
    /// The reason for an error that `decode` threw for these bytes.
    static func text(
        _ error: any Error, _ bytes: [UInt8], decode: ([UInt8]) throws -> Void
    ) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context)?:
            return "\((context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")) is missing"
        case .dataCorrupted(let context)? where context.codingPath.isEmpty:
            return unnamed(bytes, decode) ?? context.debugDescription
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?, .dataCorrupted(let context)?:
            let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
            return keys.isEmpty ? context.debugDescription : "\(keys): \(context.debugDescription)"
        default: return "\(error)"
        }
    }

    /// Foundation says nothing of where: of a number that does not fit no more than of what is no JSON.
    private static func unnamed(_ bytes: [UInt8], _ decode: ([UInt8]) throws -> Void) -> String? {
        let tree: JSONValue
        do throws(JSONError) {
            tree = try JSONValue(parsing: bytes)
        } catch {
            return "\(error.message), at byte \(error.offset + 1)"
        }
        let suspects = tree.fractions()
        /// Whether it fails with the first so many of them, and 1 in place of the others.
        func fails(with count: Int) -> Bool {
            var (place, text) = (0, [UInt8]())
            tree.replacingFractions(from: count, &place).write(into: &text)
            do {
                try decode(text)
                return false
            } catch {
                guard case .dataCorrupted(let context)? = error as? DecodingError else { return false }
                return context.codingPath.isEmpty
            }
        }
        guard fails(with: suspects.count) else { return nil }
        var (fine, failing) = (0, suspects.count)
        while fine < failing {
            let middle = (fine + failing) / 2
            if fails(with: middle) { failing = middle } else { fine = middle + 1 }
        }
        guard failing > 0 else { return nil }
        return "\(suspects[failing - 1].path) is \(suspects[failing - 1].digits), which does not fit there"
    }
}

extension JSONValue {
    /// Numbers that are no `Int`, by path, in order.
    fileprivate func fractions(under path: String = "") -> [(path: String, digits: String)] {
        func join(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        return switch self {
        case .number(let digits): integer == nil ? [(path, digits)] : []
        case .array(let elements): elements.enumerated().flatMap { $1.fractions(under: join("\($0)")) }
        case .object(let members): members.flatMap { $0.value.fractions(under: join($0.key)) }
        default: []
        }
    }

    /// The same tree with 1 for numbers that are no `Int`, but for the first so many; `place` counts them.
    fileprivate func replacingFractions(from first: Int, _ place: inout Int) -> JSONValue {
        switch self {
        case .number:
            guard integer == nil else { return self }
            place += 1
            return place > first ? .integer(1) : self
        case .array(let elements): return .array(elements.map { $0.replacingFractions(from: first, &place) })
        case .object(let members):
            return .object(members.map { Member($0.key, $0.value.replacingFractions(from: first, &place)) })
        default: return self
        }
    }
}
