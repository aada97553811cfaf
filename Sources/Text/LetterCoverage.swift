/// How many letters of a text a vocabulary knows in words or parts of words.
///
/// A vocabulary of one language often has the letters of other scripts too, but no words of them: what it spells letter by
/// letter, an encoder cannot read. Latin letters of ASCII are in every vocabulary, and are not judged.
package struct LetterCoverage: Sendable, Equatable {
    /// Letters of all words; links and their like apart.
    package private(set) var letters = 0
    /// Those of words that are unknown, or spelled letter by letter.
    private var spelled = 0
    /// Letters that are words by themselves, as ideographs are, and how many of them are unknown.
    private var signs = 0
    private var unknownSigns = 0

    /// Of no letters.
    package init() {}

    /// Of some words and their pieces.
    package init(_ words: [Word], _ pieces: PiecedText, unknown: Int32) {
        for (word, range) in zip(words, pieces.ranges) { add(word.text, pieces.ids[range], unknown) }
    }

    private mutating func add(_ word: String, _ pieces: ArraySlice<Int32>, _ unknown: Int32) {
        guard !word.utf8.allSatisfy({ $0 < 0x80 }) else {
            if WordShape.of(word) != .url { letters += word.utf8.count { (0x61...0x7A).contains($0 | 0x20) } }
            return
        }
        let count = word.unicodeScalars.count { $0.properties.isAlphabetic }
        letters += count
        if count == 1 {
            signs += 1
            unknownSigns += pieces.contains(unknown) ? 1 : 0
        } else if count > 1, pieces.contains(unknown) || pieces.count > 1 && pieces.count * 5 >= count * 4 {
            spelled += count
        }
    }

    /// Letters that cannot be read. Where every fourth sign is missing, the others say little.
    package var unreadable: Int { spelled + (unknownSigns * 4 > signs ? signs : unknownSigns) }

    /// Whether most of the letters cannot be read.
    package var isForeign: Bool { unreadable * 2 > letters }

    /// The letters of both.
    package static func + (left: LetterCoverage, right: LetterCoverage) -> LetterCoverage {
        var sum = left
        sum.letters += right.letters
        sum.spelled += right.spelled
        sum.signs += right.signs
        sum.unknownSigns += right.unknownSigns
        return sum
    }
}
