import Foundation
import SystemPackage
import Testing

/// Offsets of answers over texts of whatever scalars: what the filter calls an entity is what the text has there.
@Suite struct OffsetTests {
    private struct Answer: Decodable {
        struct Triple: Decodable {
            let entity: String
            let start: Int
            let end: Int
        }
        let line: Int
        let triples: [Triple]
    }

    /// Names, with all that feeds put between, before and behind letters.
    private static let parts = [
        "Paris", "New York", "Obama", "NASA", "a", "s", "1", "漢", "กำ", "हि", " ", " ", "\n", "\t", "\u{A0}", ".", "'",
        "ʼ", "@",
        "#", "\u{FE0F}", "\u{FE0E}", "\u{200D}", "\u{200B}", "\u{200E}", "\u{2060}", "\u{FEFF}", "\u{301}", "\u{20E3}",
        "🏽",
        "👍", "❤️", "🇺🇸", "\u{1F1FA}", "\u{AD}", "\u{3164}", "\u{600}", "\u{D4E}", "\u{E0100}", "\u{E0067}", "\r\n",
        "\u{0}",
    ]

    private static func texts(_ count: Int) -> [String] {
        var state: UInt64 = 16
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return (0..<count).map { _ in (0...next(16)).map { _ in parts[next(parts.count)] }.joined() }
    }

    @Test(arguments: ["scalar", "utf16", "utf8"])
    func entitiesAreSlicesOfTheTextThatPartNoCharacter(unit: String) async throws {
        let texts = Self.texts(800)
        let folder = try TemporaryDirectory()
        let posts = folder.url.appending(path: "posts")
        let lines = try texts.map { String(decoding: try JSONEncoder().encode(["text": $0]), as: UTF8.self) + "\n" }
        try lines.joined().write(to: posts, atomically: true, encoding: .utf8)
        let run = try await Programs.run(
            Programs.directory.appending(path: "gmner-stream").path, ["--offsets", unit],
            environment: Programs.environment(), input: FilePath(posts.path))
        #expect(run.status == .exited(0))
        let answers = try run.output.split(separator: 0x0A).map {
            try JSONDecoder().decode(Answer.self, from: Data($0))
        }
        try #require(answers.count == texts.count)
        var entities = 0
        for answer in answers {
            let text = texts[answer.line - 1]
            let borders = Self.borders(of: text, in: unit)
            for triple in answer.triples {
                let shown = "\(text.debugDescription): \(triple)"
                let start = try #require(borders[triple.start], "begins inside a character: \(shown)")
                let end = try #require(borders[triple.end], "ends inside a character: \(shown)")
                // Bytes: strings that differ in how they are composed are equal.
                #expect(Array(text[start..<end].utf8) == Array(triple.entity.utf8), "\(shown)")
                let scalars = triple.entity.unicodeScalars
                #expect(scalars.first?.properties.isWhitespace == false, "\(shown)")
                #expect(scalars.last?.properties.isWhitespace == false, "\(shown)")
                entities += 1
            }
        }
        #expect(entities > 500)
    }

    /// Where user-perceived characters begin, by their offset in a unit.
    private static func borders(of text: String, in unit: String) -> [Int: String.Index] {
        Dictionary(
            uniqueKeysWithValues: (Array(text.indices) + [text.endIndex]).map { index in
                switch unit {
                case "utf16": (text.utf16.distance(from: text.startIndex, to: index), index)
                case "utf8": (text.utf8.distance(from: text.startIndex, to: index), index)
                default: (text.unicodeScalars.distance(from: text.startIndex, to: index), index)
                }
            })
    }
}
