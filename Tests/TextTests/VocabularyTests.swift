import Files
import Foundation
import SystemPackage
import Testing

@testable import Text

@Suite struct VocabularyTests {
    private func error(_ contents: [UInt8]) -> FileError? {
        do throws(FileError) {
            _ = try Vocabulary(contents)
            return nil
        } catch { return error }
    }

    @Test func idsAreLineNumbers() throws {
        let vocabulary = try Vocabulary(Array("a\r\nb\n##é\n漢".utf8))
        #expect(vocabulary.count == 4)
        #expect(["a", "b", "##é", "漢", "c", ""].map(vocabulary.id) == [0, 1, 2, 3, nil, nil])
        #expect([0, 2, 3, 4, -1].map(vocabulary.piece) == ["a", "##é", "漢", nil, nil])
    }

    @Test func faultsNameTheirLine() {
        #expect(error([])?.message == "no pieces")
        #expect(error(Array("a\n\nb\n".utf8))?.part == .line(2))
        #expect(error(Array("a\r\n\r\n".utf8))?.part == .line(2))
        #expect(error(Array("a\nb\na\n".utf8))?.description == "vocabulary:3: the piece of line 1 again")
        #expect(error(Array("a\nb\n".utf8) + [0xC3, 0x28, 0x0A])?.description == "vocabulary:3: not UTF-8")
    }

    @Test func whatIsNoVocabularyIsNamed() throws {
        let error = #expect(throws: FileError.self) {
            try WordPiece(vocabulary: Array("a\nb".utf8), of: "/model/vocab.txt")
        }
        #expect(error?.description == "/model/vocab.txt: no piece <s> or [CLS]")
    }

    @Test func tenThousandMutationsGiveAVocabularyOrAnError() throws {
        let original = [UInt8](try Data(contentsOf: fixture("vocab.txt")))
        var random = SplitMix(state: 7)
        var refused = 0
        for _ in 0..<10_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                }
            }
            do throws(FileError) {
                let wordPiece = try WordPiece(vocabulary: bytes)
                #expect(wordPiece.pieces(of: "ferry").allSatisfy { Int($0) < wordPiece.vocabulary.count })
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100 && refused < 10_000)
    }
}

/// Seeded random numbers (Steele et al. 2014, SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
