import Foundation
import SystemPackage
import Testing

@testable import Corpora
@testable import Flow
@testable import Images
@testable import JSON
@testable import Learning
@testable import Model
@testable import Synthesis
@testable import Wire

/// Pre-training against drawn pictures, from sentences to a model that the filter opens.
@Suite("Multi-level pre-training")
struct MultiLevelTrainingTests {
    /// Sentences of one of four things, pictures drawn of them, and a tiny tagger that sees.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        let things = ["red dog", "blue boat", "yellow car", "black cat"]
        let sentences = (0..<32).map { number in
            ["A huge \(things[number % 4]) is here .", "Look , a huge \(things[number % 4])"][number / 4 % 2]
        }
        let drawer = SentenceDrawer(nouns: NounVocabulary(of: sentences, most: 20), seed: 3)
        for (part, numbers) in [("train", 0..<24), ("dev", 24..<32)] {
            var lines: [UInt8] = []
            for number in numbers {
                let picture = try #require(drawer.picture(of: sentences[number], number: number))
                // What the tiny model takes: every fourth pixel.
                let places = (0..<56 * 56).map { 3 * (4 * ($0 / 56) * picture.side + 4 * ($0 % 56)) }
                let pixels = places.flatMap { picture.pixels[$0..<$0 + 3] }
                let png = try PNGWriter.encode(width: 56, height: 56, rgb: pixels)
                try folder.write("images/\(number).png", png)
                picture.photograph(named: "\(number).png").json.write(into: &lines)
                lines.append(UInt8(ascii: "\n"))
            }
            try folder.write("\(part).ndjson", lines)
        }
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        return folder
    }

    private var settings: MultiLevelSettings {
        var settings = MultiLevelSettings()
        (settings.space.width, settings.objects.hidden) = (16, 32)
        (settings.matching.width, settings.matching.heads) = (16, 2)
        (settings.rates.encoder, settings.rates.head) = (3e-3, 1e-2)
        (settings.objects.teacherInterval, settings.loop.averaging) = (10, 0.8)
        settings.dropout = 0
        (settings.loop.epochs, settings.loop.batch, settings.loop.shards) = (4, 8, 2)
        return settings
    }

    private func inputs(_ folder: DataFolder) -> TrainingInputs {
        var inputs = TrainingInputs()
        inputs[.photographs] = folder.path
        inputs[.tagger] = folder.file("tiny")
        return inputs
    }

    private func run(_ settings: MultiLevelSettings, _ folder: DataFolder, to out: String) throws -> TrainingRun {
        var place = RunPlace(folder.file(out))
        place.jobs = 2
        return try MultiLevelRecipe.prepare(settings, inputs(folder), at: place)
    }

    private func curves(_ out: FilePath) throws -> [JSONValue] {
        try DataFile.lines(out.appending("training").appending("metrics.jsonl")).map {
            try JSONValue(parsing: Array($0.utf8))
        }
    }

    @Test func sentencesFindTheirPictures() throws {
        let folder = try folder()
        var settings = settings
        (settings.loop.epochs, settings.loop.batch, settings.loop.shards) = (60, 12, 1)
        try run(settings, folder, to: "out").run()
        let lines = try curves(folder.file("out"))
        func values(_ name: String) -> [Double] { lines.compactMap { $0[name]?.double } }
        // Of eight pictures, two show the same: chance is an eighth.
        #expect((values("recall_at_1").max() ?? 0) >= 0.25)
        #expect((values("matching_accuracy").last ?? 0) >= 0.75)
        #expect((values("objects_sure").last ?? 0) >= 0.5)
        #expect(values("objects_named").count == 60)
        let contrast = values("contrast")
        #expect((contrast.last ?? .infinity) < 0.7 * (contrast.first ?? 0))
    }

    @Test func theModelIsATaggersStart() throws {
        let folder = try folder()
        let out = folder.file("out")
        try run(settings, folder, to: "out").run()
        #expect(try Grounder(directory: out).looks == .never)
        let source = PictureSource(root: folder.path)
        let answers = try Pipeline.opening(out, pictures: source, plan: Plan(jobs: 1)).answers(to: [
            Post(line: 1, text: "A dog in Paris")
        ])
        #expect(answers.count == 1)

        func numbers(_ model: FilePath) throws -> [String: [Float]] {
            let directory = try ModelDirectory(model)
            let given = try directory.configuration()
            let values = try directory.checkpoint(given).load(
                Network(given.with(CRFNone.self, CRFNone.Settings(given.words))).reading)
            return Dictionary(
                values.layout.entries.map { ($0.names[0], values.array($0.parameter)) }, uniquingKeysWith: { $1 })
        }
        let (before, after) = (try numbers(folder.file("tiny")), try numbers(out))
        #expect(Set(before.keys) == Set(after.keys))
        // The encoder has learned; what tags is as it was.
        let changed = before.keys.filter { before[$0] != after[$0] }
        #expect(changed.contains { $0.hasPrefix("text.encoder.") })
        let others = changed.filter { !$0.hasPrefix("text.") && !$0.hasPrefix("tagger.shapes") }
        #expect(others == [])

        let encoder = try EncoderImport(out.appending("encoder"))
        let words = encoder.layout.entries.first { $0.names[0].hasSuffix("query.weight") }
        let entry = try #require(words)
        #expect(try encoder.values().array(entry.parameter) == after["text.\(entry.names[0])"])
    }

    @Test(arguments: [3, 10, 11])
    func anInterruptedRunEndsWithTheSameModel(stop: Int) throws {
        let folder = try folder()
        try run(settings, folder, to: "whole").run()
        let first = try run(settings, folder, to: "cut")
        var steps = 0
        try first.run {
            steps += 1
            return steps == stop
        }
        let second = try run(settings, folder, to: "cut")
        try second.resume()
        try second.run()
        for file in ["model.safetensors", "training/checkpoint"] {
            let (one, other) = (
                folder.file("whole").pushing(FilePath(file)), folder.file("cut").pushing(FilePath(file))
            )
            #expect(try DataFile.read(one) == DataFile.read(other), "\(file)")
        }
    }

    @Test(arguments: [(1e4, 1000), (0.5, 2), (30, 30)])
    func aTemperatureStaysInItsBounds(scale: Float, bounded: Float) throws {
        var layout = ParameterLayout()
        let network = try Network(TinyModel.configuration(vocabulary: TinyModel.pieces))
        let shape = MultiLevelHeads.Shape(
            textWidth: 16, pictureWidth: 16, width: 4, matching: (4, 2), hidden: 4, nouns: 2, pooling: .mean)
        let heads = MultiLevelHeads(shape, in: &layout)
        let parameters = TrainableParameters(layout: layout, seed: 1)
        parameters.write(heads.scale, [scale].span)
        let folder = try DataFolder()
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        let patches = try PatchCache.open(
            folder.file("patches"), pictures: [], in: folder.path, model: folder.file("tiny"),
            pool: WorkerPool(workers: 1))
        let task = MultiLevelTask(
            network.parts.words, heads, teacher: nil, pictures: (patches, []), settings: settings
        ) { (_, _) throws(TrainingError) in }
        try task.settle(parameters, average: nil, step: 1, pool: WorkerPool(workers: 1))
        #expect(parameters.read(heads.scale) == [bounded])
    }

    @Test func nounsMayBeGiven() throws {
        let folder = try folder()
        var inputs = inputs(folder)
        inputs[.nouns] = try folder.write(
            "nouns.ndjson", NounVocabulary(of: ["A man", "A woman", "A zebra"], most: 3).lines)
        let settings = settings
        try MultiLevelRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        let training = try #require(ModelDirectory(folder.file("out")).configuration().training)
        #expect(training["data"]?["nouns"]?.string?.hasPrefix("3 ") == true)
        var other = settings
        other.objects.nouns = 5
        let error = #expect(throws: TrainingError.self) {
            _ = try MultiLevelRecipe.prepare(other, inputs, at: RunPlace(folder.file("other")))
        }
        #expect(error?.message == "objects.nouns: --nouns says which they are")
    }

    @Test(arguments: [
        ("objectives.objects=0", "objects: is for objectives.objects above 0"),
        ("objectives.matching=0", "matching: is for objectives.matching above 0"),
        ("loop.averaging=0", "loop.averaging is 0; the teacher of objectives.objects is the running average"),
        ("matching.heads=3", "matching.width is 16; expected a multiple of matching.heads"),
        (
            "loop.batch=2",
            "loop.batch is 2, of which a part gets 1; contrast and matching need two pairs"
        ),
    ]) func settingsThatCannotTeach(assignment: String, message: String) throws {
        let settings = try MultiLevelSettings(file: settings.json, [assignment])
        let error = #expect(throws: TrainingError.self) {
            _ = try MultiLevelRecipe.prepare(settings, inputs(DataFolder()), at: RunPlace("/nowhere"))
        }
        #expect(error?.message == message)
    }
}
