import Files
import Foundation
import SystemPackage
import Testing
@testable import Text

@testable import Model

/// A tiny random model, from disk to answers.
@Suite struct GrounderTests {
    private func withTinyModel<Result>(_ body: (Grounder) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            return try body(Grounder(directory: directory))
        }
    }

    @Test func offsetsAreScalarsOfTheText() throws {
        try withTinyModel { model in
            let text = "Zoë \u{1F469}\u{200D}\u{1F680} met e\u{301}lan in مصر, 東京 & Rio"
            let scalars = Array(text.unicodeScalars)
            let reading = try #require(try model.makeWorker().read([PostText(text: text)]).first)
            #expect(!reading.mentions.isEmpty)
            let words = WordSplitter.words(in: text)
            for entity in reading.mentions {
                let slice = String(String.UnicodeScalarView(scalars[entity.scalars]))
                #expect(words[entity.words.lowerBound].scalars.lowerBound == entity.scalars.lowerBound)
                #expect(slice.hasPrefix(words[entity.words.lowerBound].text))
            }
        }
    }

    @Test func textsTogetherReadAsAlone() throws {
        try withTinyModel { model in
            let worker = try model.makeWorker()
            let texts = ["Ann and Bob", "", "😀😀", "x", String(repeating: "Kim went to Rome. ", count: 9)]
            let together = try worker.read(texts.map { PostText(text: $0) })
            for (text, reading) in zip(texts, together) {
                let alone = try worker.read([PostText(text: text)])[0]
                #expect(alone.mentions.map(\.words) == reading.mentions.map(\.words), "\(text)")
                #expect(alone.mentions.map(\.type) == reading.mentions.map(\.type))
                #expect(relativeError(alone.queries, reading.queries) < 1e-5 || reading.queries.isEmpty)
            }
        }
    }

    @Test func vectorsAreMeansOfRows() throws {
        try withTinyModel { model in
            let worker = try model.makeWorker()
            let texts = ["Ann met Bob", "", "Rio"]
            let rows = try worker.rows(of: texts)
            let vectors = try worker.vectors(of: texts)
            let width = model.configuration.text.width
            #expect(vectors.map(\.count) == [width, width, width])
            let mean = (0..<width).map { column in
                (rows[0][column] + rows[0][width + column] + rows[0][2 * width + column]) / 3
            }
            #expect(relativeError(vectors[0], mean) < 1e-5)
            #expect(vectors[1].allSatisfy { $0 == 0 })
            #expect(relativeError(vectors[2], rows[2]) < 1e-6)
        }
    }

    @Test func longTextsAreReadToTheirEnd() throws {
        try withTinyModel { model in
            let worker = try model.makeWorker()
            let text = String(repeating: "Ann met Bob in Rome today. ", count: 100)
            let reading = try worker.read([PostText(text: text)])[0]
            let last = try #require(reading.mentions.last)
            #expect(last.scalars.upperBound > text.unicodeScalars.count - 60)
            let width = model.configuration.text.width
            #expect(reading.queries.count == reading.mentions.count * 2 * width)
        }
    }

    /// The tiny model, as if it had learned with knowledge; it has a piece for each character.
    private func withKnowingModel<Result>(pieces: Int, _ body: (GroundingWorker) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            let writer = try ModelWriter(directory, storage: .float32)
            try TinyModel.write(writer, seed: 3)
            var configuration = try ModelDirectory(directory).configuration()
            configuration.settings.words.knowledgePieces = pieces
            try writer.write(json: configuration)
            return try body(Grounder(directory: directory).makeWorker())
        }
    }

    private let text = "Ann met Bob"

    @Test func knowledgeIsReadByModelsThatLearnedWithIt() throws {
        let post = PostText(text: text, knowledge: "Bob is a dog")
        try withKnowingModel(pieces: 40) { worker in
            let alone = try worker.read([PostText(text: text)])[0]
            let read = try worker.read([post])[0]
            #expect(read.queries != alone.queries)
            #expect(read.mentions.allSatisfy { $0.scalars.upperBound <= text.count })
            // Others in the batch make no difference, with knowledge or without.
            let together = try worker.read([PostText(text: text), post, PostText(text: "Kim"), post])
            #expect(relativeError(together[0].queries, alone.queries) < 1e-5)
            #expect(relativeError(together[1].queries, read.queries) < 1e-5)
            #expect(relativeError(together[3].queries, read.queries) < 1e-5)
        }
        try withTinyModel { model in
            let worker = try model.makeWorker()
            let read = try worker.read([post])[0]
            let alone = try worker.read([PostText(text: text)])[0]
            #expect(read.queries == alone.queries)
        }
    }

    @Test func knowledgeTakesTheRoomThatIsLeft() throws {
        let many = String(repeating: "word ", count: 10_000)
        func expectSame(_ worker: GroundingWorker, _ text: String, _ one: String, _ other: String?) throws {
            let both = try [one, other].map { try worker.read([PostText(text: text, knowledge: $0)])[0].queries }
            #expect(both[0] == both[1], "\(one.prefix(20))")
        }
        // Nine pieces of the post and three special ones leave eight.
        try withKnowingModel(pieces: 20) { worker in
            try expectSame(worker, text, many, "word word")
            try expectSame(worker, text, "word words", "word")
            for nothing in ["", " \t\n", "\u{200B}", "overlongs"] {
                try expectSame(worker, text, nothing, nil)
            }
        }
        try withKnowingModel(pieces: 12) { worker in
            try expectSame(worker, text, "a", nil)
        }
        // A text that would have several windows is read at once.
        try withKnowingModel(pieces: 200) { worker in
            let text = String(repeating: "Ann met Bob in Rome. ", count: 6)
            try expectSame(worker, text, many, String(repeating: "word ", count: 30))
            let both = try [nil, "Bob is a dog"].map {
                try worker.read([PostText(text: text, knowledge: $0)])[0].queries
            }
            #expect(both[0] != both[1])
        }
        // A text that leaves no room goes without.
        try withKnowingModel(pieces: 256) { worker in
            let long = String(repeating: "Ann met Bob in Rome. ", count: 40)
            try expectSame(worker, long, many, nil)
        }
    }

    @Test func knowledgeThatDoesNotFitTheEncoderIsRefused() throws {
        for pieces in [0, -1, 257] {
            let error = #expect(throws: ModelError.self) { try withKnowingModel(pieces: pieces) { _ in } }
            #expect(error?.message.contains("knowledgePieces") == true)
        }
    }

    @Test func givenTokensAreKept() throws {
        try withTinyModel { model in
            let worker = try model.makeWorker()
            let reading = try worker.read([PostText(text: "New York-based", tokens: [0..<8, 8..<14])])[0]
            #expect(reading.mentions.allSatisfy { [0, 8].contains($0.scalars.lowerBound) })
            #expect(reading.mentions.allSatisfy { $0.words.upperBound <= 2 })
        }
    }

    @Test func storageAsRowsKeepsTheFeatures() throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory.appending("f32"), storage: .float32), seed: 5)
            try TinyModel.write(ModelWriter(directory.appending("int8"), storage: .int8Rows), seed: 5)
            let text = PostText(text: "Eileen Collins flew to the ISS with NASA")
            let full = try Grounder(directory: directory.appending("f32")).makeWorker().read([text])[0]
            let rows = try Grounder(directory: directory.appending("int8")).makeWorker().read([text])[0]
            #expect(cosine(full.queries, rows.queries) > 0.999)
        }
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Float {
        func dot(_ x: [Float], _ y: [Float]) -> Float { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
        return a.count == b.count ? dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot() : 0
    }
}

/// Models that cannot be used say what is wrong, and where.
@Suite struct BrokenModelTests {
    @Test(arguments: [
        ("\"gmner_format\" : 2", "\"gmner_format\" : 9", "model format 9"),
        ("\"pooling\"", "\"poling\" : 1, \"pooling\"", "settings.words.poling is nothing"),
        ("\"types\"", "\"tagger\" : {}, \"types\"", "tagger is nothing"),
        ("\"method\" : \"evidence\"", "\"method\" : \"magic\"", "unknown method 'magic'"),
        ("\"hidden_size\" : 16", "\"hidden_size\" : 15", "no multiple of num_attention_heads 2"),
        ("\"hidden_size\" : 16", "\"hidden_size\" : 1e30", "config.json"),
        ("\"hidden_size\" : 16", "\"hidden_size\" : 24", ", 24]"),
        ("\"hidden_size\" : 16", "\"hidden_size\" : -16", "hidden_size is -16"),
        ("\"lowercase\" : true", "\"lowercase\" : 3", "lowercase"),
        ("\"lowercase\" : true", "\"capital\" : true", "lowercase is missing"),
        ("picture.safetensors", "../picture.safetensors", "names of files in the model's directory"),
        ("picture.safetensors", "nowhere.safetensors", "nowhere.safetensors"),
        ("{", "[", "config.json"),
    ])
    func configurations(old: String, new: String, expected: String) throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 1)
            let bytes = try WholeFile.read(directory.appending("config.json"), maxBytes: 1 << 22)
            let text = String(decoding: bytes, as: UTF8.self)
            let range = try #require(text.range(of: old))
            let changed = text.replacingCharacters(in: range, with: new)
            try ModelWriter(directory, storage: .float32).write(Array(changed.utf8), to: "config.json")
            let error = #expect(throws: ModelError.self) { try Grounder(directory: directory) }
            #expect(error?.message.contains(expected) == true, "\(error?.message ?? "no error")")
        }
    }

    @Test(arguments: ["config.json", "vocab.txt", "model.safetensors", "picture.safetensors"])
    func missingFiles(name: String) throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 1)
            let path = directory.appending(name)
            try ModelWriter(directory, storage: .float32).write([], to: name)
            var error = #expect(throws: ModelError.self) { try Grounder(directory: directory) }
            #expect(error?.message.contains(name) == true)
            #expect(unlink(path.string) == 0)
            error = #expect(throws: ModelError.self) { try Grounder(directory: directory) }
            #expect(error?.message.contains(name) == true)
        }
    }
}

/// Models whose `config.json` has an object for each part, as the first format had it.
@Suite struct FormatOneTests {
    @Test func answersAsBefore() throws {
        try withTemporaryDirectory { directory in
            let writer = try ModelWriter(directory, storage: .float32)
            try TinyModel.write(writer, seed: 3)
            let written = try ModelDirectory(directory).configuration()
            let worker = try Grounder(directory: directory).makeWorker()
            let post = PostText(text: "Ann met Bob in Rome", alt: "two people")
            let expected = try worker.ground(worker.read([post])[0], picture: nil)

            let json = try JSONSerialization.jsonObject(
                with: Data(WholeFile.read(directory.appending("config.json"), maxBytes: 1 << 22)))
            var object = try #require(json as? [String: Any])
            let settings = try #require(object.removeValue(forKey: "settings") as? [String: Any])
            object["tagger"] = settings["words"]
            object["evidence"] = settings["grounding"]
            object["gmner_format"] = 1
            try writer.write(
                Array(JSONSerialization.data(withJSONObject: object)), to: "config.json")
            let old = try ModelDirectory(directory).configuration()
            #expect(old.words == written.words)
            #expect(old.grounding == written.grounding)
            let again = try Grounder(directory: directory).makeWorker()
            #expect(try again.ground(again.read([post])[0], picture: nil) == expected)
        }
    }
}
