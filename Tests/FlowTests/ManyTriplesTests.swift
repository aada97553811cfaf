import Testing

@testable import Flow
@testable import Model
@testable import Wire

/// Answers of many lines, each of which repeats much, are made piece by piece.
@Suite struct ManyTriplesTests {
    private let text = String(repeating: "a", count: 300)

    private func answer(_ format: AnswerFormat) -> FinishedPost {
        var post = Post(line: 1, text: text)
        post.passthrough = Array("\"more\":\"\(String(repeating: "x", count: 100_000))\"".utf8)
        var journey = Journey(sequence: 0, admitted: 0, post: post)
        journey.found.mentions = (0..<300).map { Mention(words: 0..<1, scalars: $0..<$0 + 1, type: 0, score: 1) }
        return format.answer(journey)
    }

    private func format(_ emit: Emit) -> AnswerFormat {
        AnswerFormat(types: .coarse, writer: AnswerWriter(emit: emit), emitsErrors: true)
    }

    @Test("No piece is larger than asked for, and together they are all lines in order")
    func pieces() {
        let answer = answer(format(.triples))
        var lines = answer.lines
        var rest = answer.rest
        var pieces = 1
        while let now = rest {
            var piece: [UInt8] = []
            rest = now.appendNext(to: &piece)
            #expect(piece.count <= AnswerRest.piece + 101_000 && piece.last == 0x0A)
            lines += piece
            pieces += 1
        }
        #expect(answer.lines.count <= AnswerRest.piece + 101_000)
        #expect(pieces > 20)
        let starts = String(decoding: lines, as: UTF8.self).split(separator: "\n").map { line -> String in
            guard let name = line.firstRange(of: "\"start\":") else { return "" }
            return String(line[name.upperBound..<line.endIndex].prefix { $0.isNumber })
        }
        #expect(starts == (0..<300).map { String($0) })
    }

    @Test("One line is one piece, however long")
    func posts() {
        let answer = answer(format(.posts))
        #expect(answer.rest == nil && answer.lines.count(where: { $0 == 0x0A }) == 1)
    }
}
