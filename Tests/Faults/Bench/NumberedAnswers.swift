import Foundation

/// Answers of which only the order is known: that to line 1, that to line 2, and so on, each an object of JSON.
struct NumberedAnswers: Sendable {
    /// How many lines were asked about.
    let count: Int
    /// Numbers of lines that get no answer.
    var blank: Set<Int> = []

    /// What is wrong with an output.
    func damage(of output: [UInt8], _ extent: ReferenceAnswers.Extent) -> Damage {
        var damage = Damage()
        var next = following(0)
        var rest = output[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let number = Self.number(rest[..<end])
            rest = rest[(end + 1)...]
            guard let number, (1...count).contains(number), !blank.contains(number) else {
                damage.torn += 1
                continue
            }
            if number < next { damage.duplicated += 1 }
            while next < number {
                damage.lost += 1
                next = following(next)
            }
            if number == next { next = following(next) }
        }
        if !rest.isEmpty, extent != .firstBytes { damage.torn += 1 }
        while extent == .all, next <= count {
            damage.lost += 1
            next = following(next)
        }
        return damage
    }

    private func following(_ number: Int) -> Int {
        var next = number + 1
        while blank.contains(next) { next += 1 }
        return next
    }

    /// The line that an answer is to. The id, which is as the post had it, may be a number that no parser takes.
    private static func number(_ answer: ArraySlice<UInt8>) -> Int? {
        guard answer.first == UInt8(ascii: "{"), let start = answer.firstRange(of: Array(#""line":"#.utf8))?.lowerBound
        else { return nil }
        let known = answer[..<(answer.startIndex + 1)] + answer[start...]
        if let number = number(of: Data(known)) { return number }
        guard number(of: Data(plain(known).utf8)) != nil else { return nil }
        return Int(String(decoding: answer[(start + 7)...].prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
    }

    private static func number(of object: Data) -> Int? {
        let object = try? JSONSerialization.jsonObject(with: object)
        return (object as? [String: Any])?["line"] as? Int
    }

    /// An answer without what JSON allows and parsers refuse, which members that are passed through may have: halves of
    /// surrogate pairs, and numbers beyond any that a parser has.
    private static func plain(_ answer: ArraySlice<UInt8>) -> String {
        String(decoding: answer, as: UTF8.self)
            .replacing(/\\u[0-9a-fA-F]{4}/, with: " ")
            .replacing(/-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/, with: "0")
    }
}
