import Foundation
@testable import Model
@testable import Images
import SystemPackage
import Testing

@testable import Learning
@testable import Geometry
@testable import Corpora
@testable import Text
@testable import Synthesis

/// The whole way of a user who has pictures: posts with boxes, pictures beside them, a model to go on from.
@Suite("Training what looks")
struct EvidenceTrainingTests {
    /// Posts of one entity: where it can be seen, the picture has a white square, which the box is around.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        for (part, first, count) in [("train", 0, 24), ("dev", 24, 12)] {
            var lines = ""
            for number in first..<first + count {
                lines += "IMGID:\(number)\n\(["Ann", "Bob", "Kim"][number % 3])\tB-PER\nsmiles\tO\n\n"
                let isVisible = number % 2 == 0
                let corner = (x: 14 * (number / 2 % 3), y: 14 * (number % 3))
                try folder.write("images/\(number).png", picture(square: isVisible ? corner : nil))
                guard isVisible else { continue }
                let box = """
                    <annotation><size><width>56</width><height>56</height></size><object><name>\
                    \(["Ann", "Bob", "Kim"][number % 3])</name><bndbox><xmin>\(corner.x)</xmin><ymin>\(corner.y)</ymin>\
                    <xmax>\(corner.x + 28)</xmax><ymax>\(corner.y + 28)</ymax></bndbox></object></annotation>
                    """
                try folder.write("xml/\(number).xml", Array(box.utf8))
            }
            try folder.write("txt/\(part).txt", Array(lines.utf8))
        }
        let captions = (0..<36).map { #"{"id":"\#($0)","by":"a \#($0 % 2 == 0 ? "white square" : "dark wall")"}"# }
        try folder.write("captions.train.ndjson", Array(captions[..<24].joined(separator: "\n").utf8))
        try folder.write("captions.dev.ndjson", Array(captions[24...].joined(separator: "\n").utf8))
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        return folder
    }

    private func picture(square: (x: Int, y: Int)?) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 20, count: 56 * 56 * 3)
        if let square {
            for y in square.y..<square.y + 28 {
                for x in 3 * square.x..<3 * (square.x + 28) { pixels[y * 56 * 3 + x] = 250 }
            }
        }
        return try PNGWriter.encode(width: 56, height: 56, rgb: pixels)
    }

    private func run(
        _ folder: DataFolder, to name: String, epochs: Int = 30, draws: EvidenceSettings.Draws = .regression
    ) throws -> GroundingReport {
        var settings = small
        settings.rate = 1e-2
        settings.boxes.draws = draws
        settings.dropout = 0
        settings.variation.altDropout = 0.5
        settings.loop.epochs = epochs
        settings.loop.batch = 8
        settings.optimizer.weightDecay = 0.05
        settings.store = .int8
        let inputs = inputs(folder, images: true)
        try EvidenceRecipe.prepare(settings, inputs, at: RunPlace(folder.file(name))).run()
        let pool = WorkerPool(workers: 1)
        return try EvidenceEvaluation(
            EvidenceData(inputs), model: folder.file(name), cache: folder.file("\(name)/training"), pool: pool
        ).report(folder.file(name), pool: pool)
    }

    /// Heads of a few numbers.
    private var small: EvidenceSettings {
        var settings = EvidenceSettings()
        (settings.reader.width, settings.reader.heads, settings.reader.layers) = (16, 2, 1)
        return settings
    }

    /// The same for a gate beside a tagger.
    private var smallGate: GatedTaggerSettings {
        var settings = GatedTaggerSettings()
        (settings.gate.width, settings.gate.heads, settings.gate.layers) = (16, 2, 1)
        settings.loop.epochs = 1
        return settings
    }

    /// The folder's posts, to be grounded by a model in it.
    private func inputs(_ folder: DataFolder, tagger: String = "tiny", images: Bool = false) -> TrainingInputs {
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file(tagger)
        if images { inputs[.images] = folder.file("images") }
        return inputs
    }

    private func share(_ report: GroundingReport, _ row: String, _ name: String) throws -> Double {
        let row = try #require(report.rows.first { $0.name == row })
        return try #require(row.shares.first { $0.name == name }).value
    }

    @Test func picturesTeachSeeing() throws {
        let folder = try folder()
        // Long enough for all six boxes to be hit, of which the test asks for four.
        let report = try run(folder, to: "out", epochs: 60)
        #expect(try share(report, "gate: posts with pictures", "auc") > 0.95)
        #expect(try share(report, "gate: posts, captions", "auc") > 0.95)
        // Names say nothing here: each is seen in half of its posts, which all have the same text and so the same score.
        #expect(abs(try share(report, "gate: posts, text alone", "auc") - 0.5) < 1e-9)
        // The squares are at three places, each as often: a box that is always the same one hits a third.
        #expect(try share(report, "box: posts with pictures", "hits") > 0.6)

        let grounder = try Grounder(directory: folder.file("out"))
        #expect(grounder.configuration.method.name == EvidenceMethod.name)
        let lines = try #require(grounder.configuration.grounding)
        #expect(lines.visible != Calibration() && lines.described != nil && lines.pictured != nil)
        // Without pictures there is nothing to fit their lines on; without posts, nothing at all.
        let pool = WorkerPool(workers: 1)
        var data = EvidenceData()
        data.posts = folder.path
        try EvidenceEvaluation(data, model: folder.file("out"), cache: folder.file("again"), pool: pool)
            .calibrate(folder.file("out"), pool: pool)
        let again = try #require(try ModelDirectory(folder.file("out")).configuration().grounding)
        #expect(again.pictured == lines.pictured && again.trust == lines.trust)
        #expect(again.visible == lines.visible && again.described == lines.described)
        // The tagger is the one that it stands on.
        let text = PostText(text: "Ann and Bob met Kim in Rome")
        let before = try Grounder(directory: folder.file("tiny")).makeWorker().read([text])[0].mentions
        let after = try grounder.makeWorker().read([text])[0].mentions
        #expect(before.map(\.words) == after.map(\.words))
    }

    /// The squares are at three places: anchors hold them all, and the second stage tells which it is.
    @Test func aSecondStageChoosesAmongCandidates() throws {
        let folder = try folder()
        let report = try run(folder, to: "out", draws: .choice)
        #expect(try share(report, "box: posts with pictures", "hits") > 0.8)
        let chosen = try #require(try Grounder(directory: folder.file("out")).configuration.grounding?.candidates)
        #expect(chosen.anchors.count == 3 && chosen.peaks == 8)
    }

    /// The gate alone is learned, nothing that draws; the filter's boxes are those of heat maps.
    @Test func boxesNeedNoBoxesToLearnFrom() throws {
        let folder = try folder()
        let report = try run(folder, to: "out", epochs: 30, draws: .heat)
        #expect(try share(report, "gate: posts with pictures", "auc") > 0.95)
        let directory = try ModelDirectory(folder.file("out"))
        let network = try Network(directory.configuration())
        #expect(network.heads?.box == nil && network.configuration.grounding?.heat == HeatMapConfiguration())
        #expect(network.reading.entries.allSatisfy { !$0.names[0].hasPrefix("box.") })
        // The filter's box is the one around the heat, and its mask is the heat.
        let grounder = try Grounder(directory: folder.file("out"))
        let worker = try grounder.makeWorker()
        let patches = (0..<16).flatMap { place in
            [Float](repeating: [5, 6, 9, 10].contains(place) ? 2 : -2, count: 14 * 14 * 3)
        }
        let seen = try worker.see([PictureInput(patches: patches)])[0]
        let reading = try worker.read([PostText(text: "Ann smiles")])[0]
        let mention = try #require(try worker.ground(reading, picture: seen, details: [.mask]).first)
        let (drawn, mask) = (try #require(mention.drawn), try #require(mention.mask))
        #expect(mask.probabilities.max() == 1 && mask.probabilities.allSatisfy { 0...1 ~= $0 })
        let hottest = try #require(mask.probabilities.firstIndex(of: 1))
        #expect(drawn.x1 * 4 <= Float(hottest % 4) && drawn.x2 * 4 >= Float(hottest % 4 + 1))
        #expect(drawn.y1 * 4 <= Float(hottest / 4) && drawn.y2 * 4 >= Float(hottest / 4 + 1))
    }

    @Test func anchorsCoverWhatTheyCanMostFirst() {
        let left = RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)
        let right = RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 1)
        let near = RelativeBox(x1: 0, y1: 0, x2: 0.45, y2: 1)
        #expect(AnchorBoxes.covering([right, left, near], count: 1).map { $0.x1 } == [0])
        #expect(AnchorBoxes.covering([right, left, near], count: 5).count == 2)
        #expect(AnchorBoxes.covering([], count: 5).isEmpty)
    }

    @Test func theSameSeedGivesTheSameModel() throws {
        let folder = try folder()
        let first = try run(folder, to: "one", epochs: 2)
        let second = try run(folder, to: "two", epochs: 2)
        #expect(first == second)
        // Once more in the same place: from the files that the first run kept.
        let kept = folder.file("one/training/train.readings").string
        let before = try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date
        try FileManager.default.removeItem(atPath: folder.file("one/training/checkpoint").string)
        #expect(try run(folder, to: "one", epochs: 2) == first)
        #expect(try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date == before)
    }

    /// Captions tell what can be seen; a tagger that is trained on beside a gate stays a tagger, without one.
    @Test(arguments: [Float(0), 0.5]) func aTaggerLearnsBesideAGate(_ agreement: Float) throws {
        let folder = try folder()
        var settings = smallGate
        settings.objectives.agreement = agreement
        (settings.rates.encoder, settings.rates.head) = (3e-3, 1e-2)
        settings.dropout = 0
        settings.loop.epochs = 20
        settings.loop.batch = 8
        try GatedTaggerRecipe.prepare(settings, inputs(folder), at: RunPlace(folder.file("tuned"))).run()
        let tuned = try Grounder(directory: folder.file("tuned"))
        #expect(tuned.configuration.method.name == CRFNone.name)
        let scores = try #require(tuned.configuration.training?["development"])
        #expect(scores["mner_f1"]?.double ?? 0 > 0.9)
        #expect(scores["captions_auc"]?.double ?? 0 > 0.9)
        let reading = try tuned.makeWorker().read([PostText(text: "Kim smiles")])[0]
        #expect(reading.mentions.map { tuned.types.names[$0.type] } == ["PER"])
    }

    /// The tiny model's encoders alone, as folders of their own.
    private func writeEncoders(_ folder: DataFolder) throws {
        let tiny = try Grounder(directory: folder.file("tiny")).configuration
        let picture = try #require(tiny.picture)
        var text = ParameterLayout()
        _ = TextEncoder(tiny.text, in: &text)
        let writer = try ModelWriter(folder.file("encoder"), storage: .float32)
        try writer.write(ModelWriter.Part("model.safetensors", text) { $0.initialValues(seed: 5) })
        try writer.write(DataFile.read(folder.file("tiny/vocab.txt")), to: "vocab.txt")
        try writer.write(json: tiny.text)
        var seeing = ParameterLayout()
        _ = PatchEncoder(picture, in: &seeing)
        let patches = try ModelWriter(folder.file("patches"), storage: .float32)
        try patches.write(ModelWriter.Part("model.safetensors", seeing) { $0.initialValues(seed: 5) })
        try patches.write(json: picture)
    }

    /// A tagger that reads knowledge makes other rows of a post that comes with some; one that does not is not given any.
    @Test func knowledgeIsReadOrRefused() throws {
        let folder = try folder()
        try writeEncoders(folder)
        let lines = (0..<36).map { #"{"id":"\#($0)","knowledge":"Ann is a mayor"}"# }
        try folder.write("knowledge.ndjson", Array(lines.joined(separator: "\n").utf8))
        func known(_ inputs: TrainingInputs) -> TrainingInputs {
            var inputs = inputs
            inputs[all: .knowledge] = [folder.file("knowledge.ndjson")]
            return inputs
        }
        let error = folder.error {
            _ = try EvidenceRecipe.prepare(small, known(inputs(folder)), at: RunPlace(folder.file("out")))
        }
        #expect(error == "the tagger was trained without knowledge, and would not read it")

        var settings = smallGate
        settings.words.pieces = 40
        settings.words.pooling = .first
        var start = TrainingInputs()
        start[.data] = folder.path
        start[.encoder] = folder.file("encoder")
        start[.patches] = folder.file("patches")
        try GatedTaggerRecipe.prepare(settings, known(start), at: RunPlace(folder.file("knowing"))).run()
        let tagger = try ModelDirectory(folder.file("knowing")).configuration().words
        #expect(tagger.knowledgePieces == 40 && tagger.pooling == .first)
        var looking = small
        looking.loop.epochs = 1
        var given = known(inputs(folder, tagger: "knowing"))
        given[.patches] = folder.file("patches")
        try EvidenceRecipe.prepare(looking, given, at: RunPlace(folder.file("looking"))).run()
        var data = EvidenceData(given)
        data.knowledge = try given.knowledge
        func queries(_ data: EvidenceData) throws -> [Float] {
            let posts = try data.read(.dev, types: .coarse).real
            return try EvidenceReadings(
                posts, model: folder.file("looking"), cache: folder.file("dev.readings"), pool: WorkerPool(workers: 1)
            ).queries(of: 0)
        }
        let read = try queries(data)
        data.knowledge = Knowledge()
        #expect(try queries(data) != read)
    }

    @Test func whatATaggerBesideAGateGrowsOutOfIsTold() throws {
        let folder = try folder()
        try writeEncoders(folder)
        var settings = smallGate
        settings.variation.nameDropout = 0.3
        var start = TrainingInputs()
        start[.data] = folder.path
        start[.encoder] = folder.file("encoder")
        let place = RunPlace(folder.file("out"))
        #expect(
            folder.error { _ = try GatedTaggerRecipe.prepare(settings, start, at: place) }
                == "no patch encoder to make a gate for")
        try GatedTaggerRecipe.prepare(settings, inputs(folder), at: place).run()
        let told = try #require(try ModelDirectory(folder.file("out")).configuration().training)
        #expect(told["settings"]?["variation"]?["nameDropout"] == .number("0.3"))
        #expect(told["base"]?["data"] == .string("none: random numbers"))
        // What a tagger brings along cannot be set, and is not ignored.
        settings.words.pieces = 50
        let error = folder.error { _ = try GatedTaggerRecipe.prepare(settings, inputs(folder), at: place) }
        #expect(error?.hasPrefix("words: ") == true, "\(error ?? "none")")
    }

    /// Settings and files that would make no difference are refused.
    @Test(arguments: [
        ("boxes.anchors=3", "boxes.anchors"), ("photographs.posts=3", "photographs: "),
        ("objectives.choice=1", "presence=nowhere"), ("objectives.hits=1", "boxes.draws=choice"),
        ("boxes.threshold=0.3", "boxes.draws=heat"),
        ("boxes.layer=1", "boxes.draws=heat"), ("boxes.merging=0", "boxes.draws=heat"),
        ("loop.epoch=2", "did you mean loop.epochs?"), ("epochs=2", "did you mean loop.epochs?"),
        ("dropout=1", "0 to less than 1"), ("loop.epochs=1.5", "a whole number"),
    ]) func whatMakesNoDifferenceIsRefused(_ assignment: String, _ expected: String) throws {
        let folder = try folder()
        let error = folder.error {
            _ = try EvidenceRecipe.prepare(
                file: .object([]), [assignment], inputs(folder), at: RunPlace(folder.file("out")))
        }
        #expect(error?.contains(expected) == true, "\(error ?? "none")")
    }

    @Test func filesThatAMethodDoesNotTakeAreRefused() throws {
        let folder = try folder()
        var given = inputs(folder)
        given[.encoder] = folder.file("encoder")
        let place = RunPlace(folder.file("out"))
        #expect(
            folder.error { _ = try EvidenceRecipe.prepare(file: .object([]), [], given, at: place) }
                == "evidence takes no --encoder")
        #expect(
            folder.error { _ = try CRFNoneRecipe.prepare(file: .object([]), [], TrainingInputs(), at: place) }
                == "crf-none needs --data")
    }

    /// Posts that call people PER ground a tagger that tells musicians from athletes.
    @Test func aTaggerOfFineTypesIsGrounded() throws {
        let folder = try folder()
        let vocabulary = TinyModel.pieces
        var configuration = TinyModel.configuration(vocabulary: vocabulary)
        configuration.types = TypeInventory.fmnergFine.names
        try TinyModel.write(ModelWriter(folder.file("fine"), storage: .float32), configuration, seed: 5)
        var settings = small
        settings.loop.epochs = 1
        let given = inputs(folder, tagger: "fine", images: true)
        try EvidenceRecipe.prepare(settings, given, at: RunPlace(folder.file("out"))).run()
        let grounder = try Grounder(directory: folder.file("out"))
        #expect(grounder.types.names == TypeInventory.fmnergFine.names)
        let worker = try grounder.makeWorker()
        let reading = try worker.read([PostText(text: "Ann and Bob met Kim in Rome", alt: "a white square")])[0]
        let mentions = try worker.ground(reading, picture: nil)
        #expect(!mentions.isEmpty && mentions.allSatisfy { $0.visible != nil })
        // Everybody in the posts is a person, of one type or another.
        let posts = try EvidenceData(given).read(.train, types: .fmnergFine).real
        #expect(posts.allSatisfy { $0.entities.allSatisfy(\.isPerson) })
    }

    /// Posts made of photographs know four types; all types of the same role learn from them.
    @Test func postsAboutPhotographsHaveTheModelsTypes() throws {
        let entities = (0..<4).map { SynthesizedEntity(words: $0..<$0 + 1, typeIndex: $0, visible: true) }
        let post = SynthesizedPost(
            words: ["Kim", "Rio", "NASA", "Rex"], entities: entities, image: "0.png", alt: nil, isContradiction: false)
        func types(_ inventory: TypeInventory, turn: Int) throws -> [String] {
            try EvidencePost(post, of: nil, types: inventory, turn: turn).entities.map { inventory.names[$0.typeIndex] }
        }
        #expect(try types(.coarse, turn: 7) == ["PER", "LOC", "ORG", "OTHER"])
        #expect(try types(.twitter2017, turn: 7) == ["PER", "LOC", "ORG", "MISC"])
        let fine = TypeInventory.fmnergFine
        let seen = try (0..<60).map { try types(fine, turn: $0) }
        #expect(Set(seen.flatMap(\.self)) == Set(fine.names))
        #expect(seen.allSatisfy { TypeRole(of: $0[0]) == .person && TypeRole(of: $0[2]) == .organisation })
        let places = try TypeInventory(["place", "loc"])
        #expect(throws: TrainingError.self) { try types(places, turn: 0) }
    }

    /// Opens a cache of pictures in the folder, and reads one number of each.
    private func numbers(_ folder: DataFolder, _ names: [String]) throws -> [Float] {
        let cache = try PatchCache.open(
            folder.file("cache"), pictures: names.map { PictureView(image: $0) }, in: folder.file("images"),
            model: folder.file("tiny"), pool: WorkerPool(workers: 1))
        return try names.map { name in
            let rows = try #require(cache[name])
            return rows.span[5]
        }
    }

    @Test func rowsThatACacheHoldsAreTakenOver() throws {
        let folder = try folder()
        let before = try numbers(folder, ["0.png", "2.png"])
        // Other bytes under the same stamp: only what is in the cache can answer.
        let path = folder.file("images/0.png").string
        var status = stat()
        #expect(stat(path, &status) == 0)
        try folder.write("images/0.png", Array(repeating: 0, count: Int(status.st_size)))
        #expect(utimensat(AT_FDCWD, path, [status.st_mtim, status.st_mtim], 0) == 0)
        #expect(try numbers(folder, ["0.png", "4.png"])[0] == before[0])
        #expect(throws: TrainingError.self) { try numbers(folder, ["0.png", "6.png", "none.png"]) }
    }

    @Test func rowsOfPicturesThatChangedAreMadeAgain() throws {
        let folder = try folder()
        let before = try numbers(folder, ["0.png", "2.png"])
        try folder.write("images/0.png", picture(square: (28, 28)))
        let after = try numbers(folder, ["0.png", "2.png"])
        #expect(after[0] != before[0] && after[1] == before[1])
        try FileManager.default.removeItem(atPath: folder.file("images/0.png").string)
        let error = folder.error { _ = try numbers(folder, ["0.png", "2.png"]) }
        #expect(error?.hasPrefix("images/0.png") == true, "\(error ?? "none")")
    }

    @Test func aPictureThatCannotBeReadIsNamed() throws {
        let folder = try folder()
        try folder.write("images/7.png", Array("no picture".utf8))
        let error = folder.error { _ = try run(folder, to: "out", epochs: 1) }
        #expect(error?.contains("7.png") == true, "\(error ?? "none")")
    }

    /// Where a run fails there is what was there before: a model, or none.
    @Test func aRunThatFailsChangesNoModel() throws {
        let folder = try folder()
        try folder.write("images/7.png", Array("no picture".utf8))
        func files(_ name: String) throws -> [String: [UInt8]] {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(name).string)
            return try names.filter { $0 != "training" }.reduce(into: [:]) {
                $0[$1] = try DataFile.read(folder.file("\(name)/\($1)"))
            }
        }
        #expect(throws: (any Error).self) { try run(folder, to: "fresh", epochs: 1) }
        #expect(try files("fresh").isEmpty)
        try TinyModel.write(ModelWriter(folder.file("good"), storage: .float32), seed: 6)
        let before = try files("good")
        #expect(throws: (any Error).self) { try run(folder, to: "good", epochs: 1) }
        #expect(try files("good") == before)
        // Nor does one that was ready and never began.
        try folder.write("images/7.png", picture(square: nil))
        for name in ["fresh", "good"] {
            _ = try EvidenceRecipe.prepare(small, inputs(folder), at: RunPlace(folder.file(name)))
        }
        #expect(try files("fresh").isEmpty && files("good") == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("good/training").string).contains("start")
                == false)
    }

    @Test func captionsThatAreNoObjectsAreRefused() throws {
        let folder = try folder()
        try folder.write("captions.dev.ndjson", Array("{\"id\":\"24\",\"by\":\"x\"}\n[1]\n".utf8))
        let error = folder.error { _ = try run(folder, to: "out", epochs: 1) }
        #expect(error == "captions.dev.ndjson:2: expected an object with a string “id”")
    }

    @Test func withoutPatchEncoderThereIsNothingToSeeWith() throws {
        let folder = try folder()
        var configuration = try ModelDirectory(folder.file("tiny")).configuration()
        configuration = configuration.with(CRFNone.self, CRFNone.Settings(configuration.words))
        try ModelWriter(folder.file("tiny"), storage: .float32).write(json: configuration)
        let error = folder.error { _ = try run(folder, to: "out", epochs: 1) }
        #expect(error?.contains("no patch encoder") == true, "\(error ?? "none")")
    }
}
