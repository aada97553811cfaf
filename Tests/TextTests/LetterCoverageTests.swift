import Testing

@testable import Text

@Suite struct LetterCoverageTests {
    /// A vocabulary of English, with letters of Cyrillic and a few ideographs.
    private static let vocabulary = Array(
        ("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nparis\n##s\n##is\npar\nlo\n##dz\ne\nа\n##а\n##н\nн\n中\n国\n##ич\nч\n:\n/\n.\n"
            + "http\nx\n##x").utf8)

    private func coverage(_ text: String) throws -> LetterCoverage {
        let wordPiece = try WordPiece(vocabulary: Self.vocabulary)
        let words = WordSplitter.words(in: text)
        return LetterCoverage(words, wordPiece.encode(words: words), unknown: wordPiece.unk)
    }

    @Test(arguments: [
        ("", 0, 0), ("Paris pár e", 9, 0), ("нана", 4, 4), ("анич", 4, 0), ("а", 1, 0), ("ж", 1, 1), ("жж Paris", 7, 2),
        ("中国", 2, 0), ("中国中国人", 5, 1), ("中国中人", 4, 1), ("中国人", 3, 3), ("👍🏽 ½ …", 0, 0),
        ("http://x.xx/xxxxxxxx ж", 1, 1), ("zzzz", 4, 0),
    ])
    func lettersAreCounted(text: String, letters: Int, unreadable: Int) throws {
        let coverage = try coverage(text)
        #expect(coverage.letters == letters && coverage.unreadable == unreadable, "\(text)")
        #expect(coverage.isForeign == (unreadable * 2 > letters))
    }

    @Test func partsAddUp() throws {
        let texts = ["Paris нана", "中国人", "中国中国", "ж e"]
        let sum = try texts.map(coverage).reduce(LetterCoverage(), +)
        #expect(sum == (try coverage(texts.joined(separator: " "))))
    }
}
