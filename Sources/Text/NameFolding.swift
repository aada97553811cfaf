/// Letters and digits of a name alone, lower-cased and without accents: "Beyoncé" and "BEYONCE" are one name.
package enum NameFolding {
    /// Appends what is left of a text, as UTF-8.
    package static func append(_ text: String, to folded: inout [UInt8]) {
        let table = ScalarTable.shared
        for scalar in text.unicodeScalars {
            table.forEachNameScalar(of: scalar.value) { part in
                guard let part = Unicode.Scalar(part) else { return }
                folded.append(contentsOf: UTF8.encode(part) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }
}

extension ScalarTable {
    /// Calls `body` with the letters, digits and pictures that stand for a scalar where case and accents do not count.
    func forEachNameScalar(of scalar: UInt32, _ body: (UInt32) -> Void) {
        func pass(_ scalar: UInt32) {
            switch kind(of: scalar) {
            case .keep, .ideograph: body(scalar)
            case .drop, .space, .mark, .punctuation: return
            }
        }
        switch mapping(of: scalar) {
        case .itself: pass(scalar)
        case .scalar(let target): pass(target)
        case .scalars(let targets): for target in targets { pass(target) }
        }
    }
}
