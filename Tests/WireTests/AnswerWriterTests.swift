import Testing
@testable import Text
@testable import Wire
@testable import JSON
@testable import Geometry

@Suite struct AnswerWriterTests {
    private func write(
        _ answer: Answer, text: String = "", emit: Emit = .posts, offsets: OffsetUnit = .scalar
    ) -> String {
        var output: [UInt8] = []
        AnswerWriter(emit: emit, offsets: offsets).write(answer, text: text, into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private let text = "Ich war im Garfield Park 😀 in Chicago"

    private func post(_ members: String = "") throws -> Post {
        try parse("{\"id\":\"71044\",\"text\":\"\(text)\"\(members)}", passthrough: true)
    }

    private let triples = {
        var boxed = Triple(
            type: "LOC", start: 30, end: 37, score: 0.5, visible: 0.98768,
            box: PixelBox(x1: 0, y1: 10.04, x2: 599.96, y2: 449.5))
        boxed.boxScore = 0.75
        return [Triple(type: "LOC", start: 11, end: 24, score: 0.93, visible: 0.12), boxed]
    }()

    @Test func aPostIsOneLine() throws {
        let answer = Answer(try post(), triples: triples, images: [ImageSize(width: 600, height: 450)])
        #expect(
            write(answer, text: text) == #"{"id":"71044","line":1,"triples":["#
                + #"{"entity":"Garfield Park","type":"LOC","start":11,"end":24,"score":0.93,"visible":0.12,"box":null,"box_score":null},"#
                + #"{"entity":"Chicago","type":"LOC","start":30,"end":37,"score":0.5,"visible":0.9877,"#
                + #""box":[0,10,600,449.5],"box_score":0.75}],"image":{"width":600,"height":450}}"# + "\n")
    }

    @Test(arguments: [(OffsetUnit.scalar, 5, 17), (.utf16, 6, 18), (.utf8, 8, 21)])
    func offsetsAreThoseOfTheTextAsGiven(unit: OffsetUnit, start: Int, end: Int) throws {
        let parser = PostParser(html: true, keep: [.text])
        let post = try parser.parse(Array(##"{"text":"<p>😀Zo&euml; <b>é</b>Ann</p>"}"##.utf8), number: 1)
        #expect(post.text == "😀Zoë éAnn\n")
        let triple = Triple(type: "PER", start: 2, end: 6, score: 1)
        var line: [UInt8] = []
        AnswerWriter(offsets: unit).write(Answer(post, triples: [triple]), text: post.text, into: &line)
        let written = String(decoding: line, as: UTF8.self)
        #expect(written.contains(##""entity":"oë é","type":"PER","start":\##(start),"end":\##(end),"##), "\(written)")
        #expect(written.contains("&euml;"))
    }

    @Test func theSizeMakesRoomForThePicturesPath() throws {
        let post = try PostParser(keep: [.image]).parse(Array(#"{"text":"a","image":"b.jpg"}"#.utf8), number: 1)
        let answer = Answer(post, triples: [], images: [ImageSize(width: 6, height: 4)])
        var line: [UInt8] = []
        AnswerWriter(keep: [.image]).write(answer, text: "a", into: &line)
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"line":1,"triples":[],"width":6,"height":4,"image":"b.jpg"}"# + "\n")
    }

    @Test func severalPicturesAreToldApart() throws {
        var seen = triples
        seen[1].picture = 2
        let sizes = [ImageSize(width: 6, height: 4), nil, ImageSize(width: 600, height: 450)]
        let line = write(Answer(try post(), triples: seen, images: sizes), text: text)
        #expect(line.contains(#""box":null,"box_score":null,"picture":null}"#))
        #expect(line.contains(#""box_score":0.75,"picture":2}"#))
        #expect(line.hasSuffix(#","images":[{"width":6,"height":4},null,{"width":600,"height":450}]}"# + "\n"))
        // None was looked at.
        let blind = write(Answer(try post(), triples: [seen[0]], images: [nil, nil]), text: text)
        #expect(blind.hasSuffix(#""box_score":null,"picture":null}]}"# + "\n"))
        let single = write(Answer(try post(), triples: seen, images: sizes), text: text, emit: .triples)
        #expect(single.contains(#""picture":2}"#) && !single.contains("images"))
    }

    @Test func aPostWithoutAnythingStillHasALine() {
        #expect(write(Answer(Post(line: 9, text: "a"), triples: []), text: "a") == "{\"line\":9,\"triples\":[]}\n")
    }

    @Test func warningsTokensExplanationsAndPassedMembersFollow() throws {
        var triple = triples[0]
        (triple.tokenStart, triple.tokenEnd) = (3, 5)
        triple.explanation = Evidence(alt: 0.25, picture: 0.75, heat: "0190")
        let warning = Warning(code: "image.truncated", stage: "decode", message: "ends \"early\"")
        let answer = Answer(try post(",\"n\":1e5"), triples: [triple], warnings: [warning])
        #expect(
            write(answer, text: text) == #"{"id":"71044","line":1,"triples":["#
                + #"{"entity":"Garfield Park","type":"LOC","start":11,"end":24,"score":0.93,"visible":0.12,"box":null,"box_score":null,"#
                + #""token_start":3,"token_end":5,"explanation":{"alt":0.25,"picture":0.75,"heat":"0190"}}],"#
                + #""warnings":[{"code":"image.truncated","stage":"decode","message":"ends \"early\""}],"n":1e5}"#
                + "\n")
    }

    @Test func explanationsHaveTheBoxesThatWereWeighed() throws {
        var triple = triples[0]
        let box = PixelBox(x1: 0, y1: 10, x2: 600, y2: 449.5)
        triple.explanation = Evidence(
            alt: 0, picture: 1, heat: "",
            candidates: [
                Evidence.Candidate(box: box, origin: "region", label: "a \"b\"", share: 0.75),
                Evidence.Candidate(box: box, origin: "drawn", share: 0.25),
            ])
        let line = write(Answer(try post(), triples: [triple]), text: text)
        let expected =
            #""heat":"","candidates":[{"from":"region","label":"a \"b\"","box":[0,10,600,449.5],"share":0.75},"#
            + #"{"from":"drawn","box":[0,10,600,449.5],"share":0.25}]}}]}"#
        #expect(line.hasSuffix(expected + "\n"), "\(line)")
    }

    @Test func triplesAreOneLineEach() throws {
        let answer = Answer(try post(",\"n\":1"), triples: triples, images: [ImageSize(width: 600, height: 450)])
        #expect(
            write(answer, text: text, emit: .triples)
                == #"{"id":"71044","line":1,"entity":"Garfield Park","type":"LOC","start":11,"end":24,"#
                + #""score":0.93,"visible":0.12,"box":null,"box_score":null,"n":1}"# + "\n"
                + #"{"id":"71044","line":1,"entity":"Chicago","type":"LOC","start":30,"end":37,"#
                + #""score":0.5,"visible":0.9877,"box":[0,10,600,449.5],"box_score":0.75,"n":1}"# + "\n")
        #expect(write(Answer(try post(), triples: []), text: text, emit: .triples) == "")
    }

    @Test(arguments: Emit.allCases) func errorsHaveALineInBothForms(emit: Emit) throws {
        let error = try #require(parseError(#"{"id":7,"text":1}"#))
        #expect(
            write(Answer(line: 4, error: error), emit: emit)
                == #"{"id":7,"line":4,"error":{"code":"text.type","stage":"parse","#
                + #""message":"the text must be a string, it is a number","column":16}}"# + "\n")
        #expect(
            write(Answer(line: 5, error: .lineTooLong(limit: 10, offset: 20)), emit: emit)
                == #"{"line":5,"error":{"code":"line.too_long","stage":"frame","message":"the line, which begins at "#
                + #"byte 20 of its input, is longer than 10 bytes"}}"# + "\n")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "1"), (0.5, "0.5"), (0.93, "0.93"), (0.00004, "0"), (0.00006, "0.0001"), (0.99996, "1"),
            (0.0101, "0.0101"), (-0.25, "-0.25"), (-0.00001, "0"), (123.456789, "123.4568"), (.nan, "null"),
            (.infinity, "null"), (-.infinity, "null"), (.leastNonzeroMagnitude, "0"), (1e7, "10000000"),
            (.greatestFiniteMagnitude, "100000000000000"),
        ] as [(Float, String)]) func probabilitiesAreShort(value: Float, expected: String)
    {
        let triple = Triple(type: "", start: 0, end: 0, score: value)
        #expect(write(Answer(Post(line: 1, text: ""), triples: [triple])).contains("\"score\":\(expected),"))
    }

    @Test func probabilitiesAreNearWhatTheyWere() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let score = Float.random(in: 0...1, using: &random)
            let line = write(
                Answer(Post(line: 1, text: ""), triples: [Triple(type: "", start: 0, end: 0, score: score)]))
            let triples = try #require(try object(Array(line.utf8))["triples"] as? [[String: Any]])
            let written = try #require(triples.first?["score"] as? Double)
            #expect(abs(written - Double(score)) <= 0.000_050_001)
        }
    }

    @Test func placesAreCountedInTheUnitAskedFor() throws {
        for row in try fixture("offsets.tsv") {
            let text = String(decoding: bytes(hex: row[0]), as: UTF8.self)
            let expected = [
                OffsetUnit.scalar: Array(0...text.unicodeScalars.count),
                .utf16: row[1].split(separator: " ").compactMap { Int($0) },
                .utf8: row[2].split(separator: " ").compactMap { Int($0) },
            ]
            // From far to near and back again, so that the cursor has to move both ways.
            let count = text.unicodeScalars.count
            let spans = (0...count).map { ($0, count - $0) }.map { (min($0, $1), max($0, $1)) }
            let triples = spans.map { Triple(type: "T", start: $0.0, end: $0.1, score: 1) }
            let scalars = Array(text.unicodeScalars)
            for unit in OffsetUnit.allCases {
                let line = write(Answer(Post(line: 1, text: text), triples: triples), text: text, offsets: unit)
                let written = try #require(try object(Array(line.utf8))["triples"] as? [[String: Any]])
                let places = try #require(expected[unit])
                for (triple, span) in zip(written, spans) {
                    #expect(triple["start"] as? Int == places[span.0])
                    #expect(triple["end"] as? Int == places[span.1])
                    let entity = try #require(triple["entity"] as? String)
                    #expect(Array(entity.unicodeScalars) == Array(scalars[span.0..<span.1]))
                }
            }
        }
    }

    @Test(arguments: [(-5, 2, "ab"), (1, 99, "bc"), (7, 9, ""), (2, 1, ""), (Int.min, Int.max, "abc")])
    func placesOutsideTheTextAreCutOff(start: Int, end: Int, entity: String) {
        for text in ["abc", "ab\u{63}"] {
            let triple = Triple(type: "T", start: start, end: end, score: 1)
            #expect(
                write(Answer(Post(line: 1, text: text), triples: [triple]), text: text).contains(
                    "\"entity\":\"\(entity)\""))
        }
        let wide = Triple(type: "T", start: start, end: end, score: 1)
        #expect(write(Answer(Post(line: 1, text: "é"), triples: [wide]), text: "é").hasSuffix("}\n"))
    }

    @Test(arguments: 0..<20) func whateverGoesInComesOutAsOneLineOfJSON(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func string() -> String {
            var text = ""
            for _ in 0..<Int.random(in: 0..<20, using: &random) {
                let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
                text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "\u{2028}")
            }
            return text
        }
        for _ in 0..<40 {
            let text = string()
            let type = string()
            let message = string()
            let answer = Answer(
                Post(line: 1, text: text),
                triples: [Triple(type: type, start: 0, end: text.unicodeScalars.count, score: 0.5)],
                warnings: [Warning(code: "c", stage: "s", message: message)])
            let line = Array(write(answer, text: text).utf8)
            #expect(line.last == 0x0A && !line.dropLast().contains(0x0A))
            let object = try object(line)
            let triple = try #require((object["triples"] as? [[String: Any]])?.first)
            #expect((triple["entity"] as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
            #expect((triple["type"] as? String).map { Array($0.unicodeScalars) } == Array(type.unicodeScalars))
            let warning = try #require((object["warnings"] as? [[String: Any]])?.first)
            #expect((warning["message"] as? String).map { Array($0.unicodeScalars) } == Array(message.unicodeScalars))

            // Our own reader agrees with itself, too.
            let post = try PostParser(keys: PostKeys(text: try JSONPointer("/triples/0/entity"))).parse(line, number: 1)
            #expect(Array(post.text.unicodeScalars) == Array(text.unicodeScalars))
        }
    }
}
