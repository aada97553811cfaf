import Foundation
@testable import Model
import SystemPackage
import Testing
@testable import Text

@testable import Flow
@testable import Learning
@testable import Randomness
@testable import Scoring
@testable import Corpora
@testable import JSON

/// A folder that goes away with its owner.
final class TaggerFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("gmner-\(UUID().uuidString)")
    var path: FilePath { FilePath(url.path) }

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ name: String, _ text: String) throws {
        try text.write(to: url.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
}

@Suite("Training a tagger")
struct TaggerTrainingTests {
    private static let vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        + [
            "ann", "bob", "cleo", "oslo", "rome", "lima", "meets", "in", "goes", "to", "the", "mayor", "of", "new",
            "##s",
        ]

    func wordPiece() throws -> WordPiece {
        try WordPiece(vocabulary: Array((Self.vocabulary.joined(separator: "\n") + "\n").utf8))
    }

    /// Posts about three people in three towns, in a handful of patterns.
    private func posts(_ count: Int, seed: UInt64) -> String {
        var generator = SeededGenerator(seed: seed)
        let people = ["Ann", "Bob", "Cleo"]
        let towns = ["Oslo", "Rome", "Lima"]
        return (0..<count).map { index in
            let (person, town) = (people.shuffled(using: &generator)[0], towns.shuffled(using: &generator)[0])
            let patterns = [
                "\(person)\tB-PER\ngoes\tO\nto\tO\n\(town)\tB-LOC",
                "the\tO\nmayor\tO\nof\tO\nNew\tB-LOC\n\(town)\tI-LOC\nmeets\tO\n\(person)\tB-PER",
                "in\tO\n\(town)\tB-LOC",
            ]
            return "IMGID:\(seed)_\(index)\n\(patterns.shuffled(using: &generator)[0])\n\n"
        }.joined()
    }

    func folder() throws -> TaggerFolder {
        let folder = try TaggerFolder()
        try folder.write("train.txt", posts(60, seed: 1))
        try folder.write("valid.txt", posts(20, seed: 2))
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("encoder"), withIntermediateDirectories: true)
        let configuration = TextEncoderConfiguration(
            family: .bert, width: 16, layers: 1, heads: 2, innerWidth: 32,
            vocabularySize: Self.vocabulary.count, positions: 80, segments: 2)
        var layout = ParameterLayout()
        _ = TextEncoder(configuration, in: &layout)
        let writer = try ModelWriter(folder.path.appending("encoder"), storage: .float32)
        try writer.write(ModelWriter.Part("model.safetensors", layout) { $0.initialValues(seed: 5).map { $0 * 10 } })
        try writer.write(Array(Self.vocabulary.joined(separator: "\n").utf8), to: "vocab.txt")
        try writer.write(json: configuration)
        return folder
    }

    func settings() -> CRFNoneSettings {
        var settings = CRFNoneSettings()
        settings.loop.epochs = 6
        settings.loop.batch = 8
        settings.rates.encoder = 5e-3
        settings.rates.head = 2e-2
        settings.variation.wordDropout = 0.05
        settings.variation.caseDropout = 0.1
        settings.objectives.agreement = 0.5
        return settings
    }

    /// A run over the data in a folder, from the encoder in it, to the folder `out` in it.
    func run(
        _ settings: CRFNoneSettings, _ folder: TaggerFolder, to out: FilePath, knowledge: [FilePath] = [],
        teachers: [FilePath] = [], untagged: [FilePath] = []
    ) throws -> TrainingRun {
        var inputs = TrainingInputs()
        inputs[all: .teacher] = teachers
        inputs[all: .untagged] = untagged
        inputs[.data] = folder.path
        inputs[.encoder] = folder.path.appending("encoder")
        inputs[all: .knowledge] = knowledge
        return try CRFNoneRecipe.prepare(settings, inputs, at: RunPlace(out))
    }

    @Test("learns, and what it wrote answers as the recipe does")
    func endToEnd() throws {
        let folder = try folder()
        let data = try TrainingData(folder: folder.path)
        let out = folder.path.appending("model")
        let score = try run(settings(), folder, to: out).run()
        #expect(score > 0.95)

        let configuration = try ModelDirectory(out).configuration()
        #expect(configuration.types == data.inventory.names)
        #expect(configuration.training?["development"]?["mner_f1"]?.double == Double(TrainingProgress.short(score, 4)))
        let network = try Network(configuration)
        let parameters = TrainableParameters(layout: network.reading, seed: 0)
        try parameters.loadAll(ModelDirectory(out).checkpoint(configuration).load(network.reading))
        let examples = try data.development.posts.map { post in
            TaggerExample(
                words: post.words, spans: try data.spans(of: post), tags: network.tags, wordPiece: try wordPiece(),
                limit: 80)
        }
        let task = try TaggerTask(
            network, wordPiece: try wordPiece(), development: examples
        ) { (_, _) throws(TrainingError) in }
        let found = try task.predict(examples, parameters, pool: WorkerPool(workers: 2))
        let worker = try Grounder(directory: out).makeWorker()
        for (post, spans) in zip(data.development.posts, found) {
            let reading = try worker.read([PostText(text: post.text, tokens: post.wordScalars)])[0]
            #expect(reading.mentions.map(\.words) == spans.map(\.words))
            #expect(reading.mentions.map(\.type) == spans.map(\.type))
        }
    }

    @Test("an interrupted run ends with the same model")
    func resume() throws {
        let folder = try folder()
        var weights: [Data] = []
        for stop in [Int.max, 13] {
            let out = folder.path.appending("model-\(stop)")
            var steps = 0
            try run(settings(), folder, to: out).run {
                steps += 1
                return steps == stop
            }
            if stop < .max {
                let second = try run(settings(), folder, to: out)
                try second.resume()
                try second.run()
            }
            weights.append(try Data(contentsOf: URL(fileURLWithPath: out.appending("model.safetensors").string)))
        }
        #expect(weights[0] == weights[1])
    }

    /// Posts about people and towns of one name, and lines that say which is meant.
    private func ambiguousPosts(_ count: Int, seed: UInt64) -> (posts: String, knowledge: String) {
        var generator = SeededGenerator(seed: seed)
        var (posts, knowledge) = ("", "")
        for index in 0..<count {
            let name = ["Ann", "Bob", "Oslo", "Rome"].shuffled(using: &generator)[0]
            let isPerson = [true, false].shuffled(using: &generator)[0]
            posts += "IMGID:\(seed)_\(index)\ngoes\tO\nto\tO\n\(name)\tB-\(isPerson ? "PER" : "LOC")\n\n"
            knowledge += "{\"id\":\"\(seed)_\(index)\",\"knowledge\":\"\(isPerson ? "the mayor" : "in new lima")\"}\n"
        }
        return (posts, knowledge)
    }

    @Test("what knowledge tells is learned, and told by the model that was written")
    func knowledgeEndToEnd() throws {
        let folder = try folder()
        var files: [FilePath] = []
        for (name, count, seed) in [("train", 60, UInt64(3)), ("valid", 20, 4)] {
            let made = ambiguousPosts(count, seed: seed)
            try folder.write("\(name).txt", made.posts)
            try folder.write("\(name).ndjson", made.knowledge)
            files.append(folder.path.appending("\(name).ndjson"))
        }
        let knowledge = try Knowledge(files)
        let data = try TrainingData(folder: folder.path)
        let out = folder.path.appending("model")
        var settings = settings()
        settings.words.pieces = 24
        settings.objectives.agreement = 0
        settings.loop.epochs = 12
        let score = try run(settings, folder, to: out, knowledge: files).run()
        // Without knowledge nothing beats a coin, whose F1 over twenty posts is 0.5, give or take 0.11; all twenty are learned
        // with it, of which one may be missed.
        #expect(score >= 0.95)
        let configuration = try ModelDirectory(out).configuration()
        #expect(configuration.words.knowledgePieces == 24)
        #expect(configuration.training?["inputs"]?["knowledge"] == .string("train.ndjson valid.ndjson"))

        let gold = data.development
        func f1(_ knowledge: Knowledge) throws -> Double {
            let posts = gold.posts.enumerated().map { index, post in
                var record = post.record(line: index + 1)
                record.knowledge = knowledge[post.id]
                return record
            }
            let answers = try Pipeline.opening(out, pictures: nil, plan: Plan(jobs: 2)).answers(to: posts)
            let lines = answers.map { String(decoding: $0.lines, as: UTF8.self) }
            let predicted = try NDJSONReader().read(lines, of: "answers")
            return try Scorer().score(gold: gold, predicted: predicted)[.mner]?.counts.f1 ?? 0
        }
        let served = try f1(knowledge)
        #expect(abs(served - score) < 1e-9)
        let blind = try f1(Knowledge())
        #expect(blind < 0.75)
    }

    @Test("development posts without an entity are told of, and the last weights are kept")
    func nothingToJudgeBy() throws {
        let folder = try folder()
        for development in ["", "IMGID:9_1\nin\tO\nthe\tO\n\n"] {
            try folder.write("valid.txt", development)
            let out = folder.path.appending("model")
            let run = try run(settings(), folder, to: out)
            #expect(run.notes == [TagJudge.nothingToJudgeBy])
            try run.run()
            let grounder = try Grounder(directory: out)
            let reading = try grounder.makeWorker().read([PostText(text: "Ann goes to Rome")])[0]
            #expect(reading.mentions.map { grounder.types.names[$0.type] } == ["PER", "LOC"])
            try FileManager.default.removeItem(atPath: out.string)
        }
    }

    @Test("entities for which training has no room count as not found")
    func longDevelopmentPosts() throws {
        let folder = try folder()
        let long = (0..<90).map { _ in "the\tO\n" }.joined()
        try folder.write("valid.txt", "IMGID:9_1\nAnn\tB-PER\ngoes\tO\n\(long)Rome\tB-LOC\n\n")
        let out = folder.path.appending("model")
        let run = try run(settings(), folder, to: out)
        #expect(run.notes.count == 1 && run.notes[0].hasPrefix("1 of 1 development posts"))
        try run.run()
        let scores = try #require(try ModelDirectory(out).configuration().training?["development"])
        #expect(scores["precision"]?.double == 1 && scores["recall"]?.double == 0.5)
    }

    @Test("an encoder that the filter would refuse is refused before training")
    func shortEncoder() throws {
        let folder = try folder()
        let encoder = folder.path.appending("encoder")
        var configuration = try ModelDirectory(encoder).json(TextEncoderConfiguration.self)
        configuration.positions = 65
        var layout = ParameterLayout()
        _ = TextEncoder(configuration, in: &layout)
        let writer = try ModelWriter(encoder, storage: .float32)
        try writer.write(ModelWriter.Part("model.safetensors", layout) { $0.initialValues(seed: 5) })
        try writer.write(json: configuration)
        let error = #expect(throws: ModelError.self) {
            _ = try run(settings(), folder, to: folder.path.appending("model"))
        }
        #expect(error?.description.contains("65 positions") == true)
    }

    @Test("a model says what it was made with")
    func provenance() throws {
        let folder = try folder()
        var settings = settings()
        settings.loop.epochs = 1
        settings.loop.averaging = 0.9
        settings.rates.layerDecay = 0.8
        let out = folder.path.appending("model")
        try run(settings, folder, to: out).run()
        let configuration = try ModelDirectory(out).configuration()
        #expect(configuration.words.knowledgePieces == nil)
        let told = try #require(configuration.training)
        #expect(told["recipe"] == .string("crf-none"))
        #expect(try CRFNoneSettings(file: #require(told["settings"])) == settings)
        #expect(told["inputs"]?["encoder"] == .string("encoder"))
        let leaves = told.leaves()
        #expect(leaves.contains { $0.path == "data.train" && $0.value.string?.hasPrefix("60 posts") == true })
        #expect(leaves.allSatisfy { !($0.value.string ?? "").contains("/") })
    }

    @Test("a checkpoint of other settings or other data is refused, and says which")
    func otherRun() throws {
        let folder = try folder()
        let out = folder.path.appending("model")
        var settings = settings()
        settings.loop.epochs = 1
        try run(settings, folder, to: out).run()
        func refusal() throws -> [String] {
            let run = try run(settings, folder, to: out)
            let error = #expect(throws: TrainingError.self) { try run.resume() }
            return error?.message.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
                ?? []
        }
        settings.dropout = 0.3
        #expect(try refusal() == ["settings.dropout: was 0.1, is 0.3"])
        settings.dropout = 0.1
        // As many posts as before, and as many words in each, with another name in one.
        let posts = try String(contentsOf: folder.url.appendingPathComponent("train.txt"), encoding: .utf8)
        try folder.write("train.txt", posts.replacingOccurrences(of: "Cleo", with: "Bob"))
        let lines = try refusal()
        #expect(lines.count == 1 && lines[0].hasPrefix("data.train: was \"60 posts, checksum "), "\(lines)")
    }

    @Test("a name is hidden whole, what is around it and behind it stays")
    func hiddenNames() throws {
        let wordPiece = try wordPiece()
        var example = TaggerExample(
            words: ["anna", "met", "bob"], knowledge: "bob", wordPiece: wordPiece, limit: 20)
        let before = example.pieces
        var random = SeededGenerator(seed: 1, stream: 1)
        example.pieces.hide([0..<1, 2..<3], probability: 0, behind: wordPiece.mask, &random)
        #expect(example.pieces.ids == before.ids)
        example.pieces.hide([0..<1, 2..<3], probability: 1, behind: wordPiece.mask, &random)
        for place in before.ids.indices {
            let isHidden = before.words[0].contains(place) || before.words[2].contains(place)
            #expect(example.pieces.ids[place] == (isHidden ? wordPiece.mask : before.ids[place]))
        }
        #expect(example.pieces.words == before.words && example.pieces.lengths == before.lengths)
    }

    @Test("knowledge is read behind a separator and has no rows of its own")
    func knowledge() throws {
        let wordPiece = try wordPiece()
        let ann = TagSet.Span(words: 0..<1, type: 0)
        let plain = TaggerExample(words: ["Ann", "goes"], spans: [ann], wordPiece: wordPiece, limit: 20)
        #expect(plain.pieces.ids == [2, 5, 13, 3])
        let known = TaggerExample(
            words: ["Ann", "goes"], spans: [ann], knowledge: "mayor of Rome", wordPiece: wordPiece, limit: 20)
        #expect(known.pieces.ids == [2, 5, 13, 3, 16, 17, 9, 3])
        #expect(known.pieces.words == [1..<2, 2..<3])
        #expect(known.pieces.lengths == [8])
        #expect(known.pieces.shapes.count == 8)
        #expect(known.tags == [1, 0])
        let short = TaggerExample(
            words: ["Ann", "goes"], spans: [ann], knowledge: "mayor of Rome", wordPiece: wordPiece, limit: 7)
        #expect(short.pieces.ids == [2, 5, 13, 3, 16, 17, 3])
        let cut = TaggerExample(
            words: ["Ann", "goes"], spans: [ann], knowledge: "mayor of Rome", wordPiece: wordPiece, limit: 3)
        #expect(cut.pieces.ids == [2, 5, 3])
        #expect(cut.tags == [1])
    }

    @Test("a word is matched with the first of its kind behind the separator, in its own sequence")
    func matches() throws {
        let wordPiece = try wordPiece()
        func pieces(_ knowledge: String?) -> PieceBatch {
            TaggerExample(
                words: ["Ann", "goes", "🏟"], knowledge: knowledge, wordPiece: wordPiece, limit: 40
            ).pieces
        }
        let alone = pieces(nil)
        #expect(alone.matches.allSatisfy { $0.isEmpty } && alone.matches.count == 3)
        // Case is no difference, only the first is taken, and what has no pieces is no word to find again.
        let known = pieces("rome 🏟 ANN meets ann")
        let ann = alone.words[0]
        let place = known.matches[0]
        #expect(known.matches.map(\.isEmpty) == [false, true, true])
        #expect(place == alone.ids.count + 2..<alone.ids.count + 2 + ann.count)
        #expect(known.ids[place] == known.ids[ann])
        let other = pieces("the mayor of Rome")
        #expect(other.matches.allSatisfy { $0.isEmpty })
        var both = alone
        both.append(known)
        #expect(both.matches.map(\.isEmpty) == [true, true, true, false, true, true])
        #expect(both.matches[3] == place.lowerBound + alone.ids.count..<place.upperBound + alone.ids.count)
    }

    @Test("bad data is refused with its place")
    func badData() throws {
        let folder = try folder()
        try folder.write("knowledge.ndjson", "{\"id\":\"1\",\"knowledge\":\"x\"}\n{\"id\":1}\n")
        var knowledge = Knowledge()
        let error = #expect(throws: DataError.self) { try knowledge.read(folder.path.appending("knowledge.ndjson")) }
        #expect(error?.line == 2)
        try folder.write("valid.txt", posts(20, seed: 1))
        #expect(throws: DataError.self) { try TrainingData(folder: folder.path) }
        #expect(throws: DataError.self) { try TrainingData(folder: folder.path.appending("encoder")) }
    }
}

extension TrainableParameters {
    fileprivate func loadAll(_ values: ParameterValues) {
        for entry in layout.entries { write(entry.parameter, values.array(entry.parameter).span) }
    }
}
