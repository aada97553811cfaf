import Foundation
import SystemPackage
import Testing

@testable import Text

/// A file of the suite's fixtures.
func fixture(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
}

@Suite struct WordPieceTests {
    /// Pieces of texts as the reference makes them.
    private struct Reference: Decodable {
        var texts: [String]
        var uncased: [[Int32]]
        var cased: [[Int32]]
    }

    private let contents: [UInt8]
    private let reference: Reference

    init() throws {
        contents = [UInt8](try Data(contentsOf: fixture("vocab.txt")))
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: fixture("pieces.json")))
    }

    @Test func piecesAreTheReferences() throws {
        let uncased = try WordPiece(vocabulary: contents)
        let cased = try WordPiece(vocabulary: contents, lowercase: false)
        for (index, text) in reference.texts.enumerated() {
            #expect(uncased.pieces(of: text) == reference.uncased[index], "uncased: \(text.debugDescription)")
            #expect(cased.pieces(of: text) == reference.cased[index], "cased: \(text.debugDescription)")
        }
    }

    @Test func wordsHaveTheirOwnPiecesInOrder() throws {
        let wordPiece = try WordPiece(vocabulary: contents)
        let words = reference.texts.flatMap { $0.split(separator: " ").map(String.init) }
        let text = wordPiece.encode(words: words)
        #expect(text.ranges.count == words.count)
        var end = 0
        for (word, range) in zip(words, text.ranges) {
            #expect(range.lowerBound == end && !range.isEmpty)
            end = range.upperBound
            let pieces = wordPiece.pieces(of: word)
            #expect(Array(text.ids[range]) == (pieces.isEmpty ? [wordPiece.unk] : pieces))
        }
        #expect(end == text.ids.count)
    }

    @Test func aWordOfNothingVisibleIsUnknown() throws {
        let wordPiece = try WordPiece(vocabulary: contents)
        #expect(wordPiece.pieces(of: "\u{200B}\u{FE0F}").isEmpty)
        #expect(wordPiece.encode(words: ["\u{200B}\u{FE0F}"]) == PiecedText(ids: [wordPiece.unk], ranges: [0..<1]))
    }

    @Test(arguments: ["\u{FE0F}", "\u{FE0E}", "🏽", "\u{20E3}", "\u{FE0F}\u{20E3}"], [true, false])
    func whatEmojiLeaveBehindLettersMakesNoUnknownWord(stray: String, lowercase: Bool) throws {
        let vocabulary = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nparis\n##s\n1\n1\u{20E3}\n👍🏽".utf8)
        let wordPiece = try WordPiece(vocabulary: vocabulary, lowercase: lowercase)
        #expect(wordPiece.pieces(of: "paris\(stray)") == [5])
        #expect(wordPiece.pieces(of: "paris\(stray)s") == [5, 6])
        // Where there is an emoji, it stays one.
        #expect(wordPiece.pieces(of: "1\u{20E3}👍🏽") == [wordPiece.unk])
        #expect(wordPiece.pieces(of: "1\u{20E3} 👍🏽") == [8, 9])
    }

    @Test func textIsNeverASpecialPiece() throws {
        let wordPiece = try WordPiece(vocabulary: contents)
        let pieces = wordPiece.pieces(of: "[SEP] [CLS]")
        #expect(!pieces.contains(wordPiece.sep) && !pieces.contains(wordPiece.cls))
    }

    @Test func specialPiecesOfBERTAndOfMPNet() throws {
        let bert = try WordPiece(vocabulary: Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na".utf8))
        #expect([bert.pad, bert.unk, bert.cls, bert.sep, bert.mask] == [0, 1, 2, 3, 4])
        let mpnet = try WordPiece(
            vocabulary: Array("<s>\n<pad>\n</s>\n<unk>\n[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n<mask>\n".utf8))
        #expect([mpnet.pad, mpnet.unk, mpnet.cls, mpnet.sep, mpnet.mask] == [1, 5, 0, 2, 10])
    }
}
