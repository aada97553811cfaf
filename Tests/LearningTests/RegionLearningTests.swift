import Foundation
import SystemPackage
import Testing

@testable import Corpora
@testable import Geometry
@testable import Images
@testable import Learning
@testable import Model
@testable import Text
import Wire

/// A second stage that learns to choose among what outside tools saw.
@Suite("Learning from regions")
struct RegionLearningTests {
    /// Posts of two names before pictures that all look the same. Of two regions, one has a name written in it: where that
    /// is the post's own, it is the place; where it is another, the entity is not to be seen.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        let picture = try PNGWriter.encode(
            width: 56, height: 28, rgb: [UInt8](repeating: 99, count: 56 * 28 * 3))
        for (part, count) in [("train", 32), ("dev", 16)] {
            let lines = (0..<count).map { number in
                let (name, side, isThere) = (["Marta", "Quixo"][number % 2], number / 2 % 2, number / 4 % 2 == 0)
                let boxes = [[0, 0, 24, 20], [30, 4, 56, 28]]
                let written = isThere ? name.uppercased() : "STOP"
                let regions = [
                    #"{"box":\#(boxes[side]),"text":"\#(written)","score":0.9}"#,
                    #"{"box":\#(boxes[1 - side]),"label":"box","score":0.9}"#,
                ]
                return """
                    {"id":"\(part)\(number)","text":"\(name) smiles","image":"\(part)\(number).png","width":56,"height":28,\
                    "triples":[{"type":"PER","start":0,"end":5,"boxes":\(isThere ? "[\(boxes[side])]" : "[]")}],\
                    "regions":[\(regions[number % 2]),\(regions[1 - number % 2])]}
                    """
            }
            // Regions are the picture's: each post has one of its own.
            for number in 0..<count { try folder.write("posts/images/\(part)\(number).png", picture) }
            try folder.write("posts/\(part).ndjson", Array(lines.joined(separator: "\n").utf8))
        }
        var settings = EvidenceMethod.Settings()
        settings.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1)
        let first = TinyModel.configuration(EvidenceMethod.self, settings, vocabulary: TinyModel.pieces)
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), first, seed: 5)
        return folder
    }

    private func train(_ folder: DataFolder, _ presence: CandidatePresence) throws {
        var settings = EVGSettings()
        (settings.rate, settings.dropout, settings.variation.swaps) = (2e-2, 0, 0)
        settings.candidates.presence = presence
        (settings.loop.epochs, settings.loop.batch, settings.loop.averaging) = (60, 8, 0.9)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("tiny"))
        try EVGRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
    }

    private func report(_ folder: DataFolder, _ model: String) throws -> GroundingReport {
        var data = EvidenceData()
        data.pictured = folder.file("posts")
        var report = GroundingReport()
        try report.add(
            PicturedAnswers(
                data, model: folder.file(model), cache: folder.file("cache"), pool: WorkerPool(workers: 1)))
        return report
    }

    @Test(arguments: CandidatePresence.allCases)
    func whatIsWrittenTellsWhereAndWhether(presence: CandidatePresence) throws {
        let folder = try folder()
        try train(folder, presence)
        func share(_ report: GroundingReport, _ row: String, _ name: String) throws -> Double {
            let row = try #require(report.rows.first { $0.name == row })
            return try #require(row.shares.first { $0.name == name }).value
        }
        let (before, after) = (try report(folder, "tiny"), try report(folder, "out"))
        // Nothing else tells: the pictures are all the same.
        #expect(try share(before, "gold: gate, with picture", "auc") == 0.5)
        #expect(try share(before, "gold: boxes of what is visible", "hits") < 0.6)
        let auc = try share(after, "gold: gate, with picture", "auc")
        #expect(presence == .gate ? auc == 0.5 : auc > 0.95)
        #expect(try share(after, "gold: boxes of what is visible", "hits") > 0.9)
    }

    /// What is right, what is nowhere, and what nobody can see.
    @Test func aPictureThatShowsNothingLeavesItToTheText() {
        let right = BoxChoice.target(hits: [0, 0.75, 0, 0.25], saidByText: nil)
        #expect(right == [0, 0.75, 0, 0.25, 0])
        #expect(BoxChoice.target(hits: [0.6], saidByText: 0.1) == [1, 0])
        #expect(BoxChoice.target(hits: [0, 0], saidByText: nil) == [0, 0, 1])
        #expect(BoxChoice.target(hits: [0, 0], saidByText: 0.75) == [0.375, 0.375, 0.25])

        var post = EvidencePost.Entity(
            words: 0..<1, typeIndex: 0, isVisible: true, boxes: [], isPerson: true)
        let shown = [
            EvidenceSet.Shown(picture: "own"), EvidenceSet.Shown(picture: "blank", leavesItToText: true),
            EvidenceSet.Shown(),
        ]
        let scene = EvidenceForward.Scene(
            examples: [0, 0, 0], shown: shown, entities: Array(repeating: [post], count: 3))
        #expect(scene.truth(offsets: [0, 0, 0]) == [1, 0.5, nil])
        #expect(scene.truth(offsets: nil) == [1, 1, 1])
        post.isVisible = nil
        let unknown = EvidenceForward.Scene(examples: [0], shown: [shown[0]], entities: [[post]])
        #expect(unknown.truth(offsets: [2]) == [nil])
    }

    /// Nobody tells which candidate is right: choices that earn more than others become more probable.
    @Test func whatChoicesEarnTellsToo() throws {
        let folder = try folder()
        var first = EVGSettings()
        (first.rate, first.dropout, first.variation.swaps) = (1e-5, 0, 0)
        (first.loop.epochs, first.loop.batch, first.loop.averaging, first.loop.seed) = (1, 8, 0, 3)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("tiny"))
        try EVGRecipe.prepare(first, inputs, at: RunPlace(folder.file("start"))).run()
        var settings = MAKARSettings()
        (settings.rate, settings.swaps) = (1e-2, 0)
        (settings.loop.epochs, settings.loop.batch, settings.loop.averaging) = (80, 8, 0)
        inputs[.tagger] = folder.file("start")
        try MAKARRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        func hits(_ model: String) throws -> Double {
            let row = try #require(report(folder, model).rows.first { $0.name == "gold: boxes of what is visible" })
            return try #require(row.shares.first { $0.name == "hits" }).value
        }
        let (before, after) = (try hits("start"), try hits("out"))
        #expect(before < 0.7 && after > 0.9, "\(before), then \(after)")
        let (start, end) = (try values(folder.file("start")), try values(folder.file("out")))
        for (name, numbers) in start where !name.hasPrefix("choice.") { #expect(end[name] == numbers, "\(name)") }
    }

    /// Without a second stage gate and box head go on, and nothing else; twice the same for the same seed.
    @Test(arguments: [false, true]) func whatAnswersEarnTeachesGateAndBoxes(learnsDeviation: Bool) throws {
        let folder = try folder()
        var settings = MAKARSettings()
        settings.policy.actions = .offsets
        (settings.policy.sideDeviation, settings.policy.learnsDeviation) = (0.3, learnsDeviation)
        (settings.rate, settings.swaps) = (3e-3, 0)
        (settings.loop.epochs, settings.loop.batch, settings.loop.averaging) = (4, 8, 0)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("tiny"))
        for name in ["out", "again"] {
            try MAKARRecipe.prepare(settings, inputs, at: RunPlace(folder.file(name))).run()
        }
        let (start, end) = (try values(folder.file("tiny")), try values(folder.file("out")))
        #expect(Set(start.keys) == Set(end.keys))
        let moved = start.keys.filter { start[$0] != end[$0] }
        #expect(moved.contains { $0.hasPrefix("gate.") } && moved.contains { $0.hasPrefix("box.correction") })
        #expect(moved.allSatisfy { $0.hasPrefix("gate.") || $0.hasPrefix("box.") })
        #expect(try values(folder.file("again")) == end)
        let told = try #require(try ModelDirectory(folder.file("out")).configuration().training)
        #expect(told["settings"]?["policy"]?["actions"] == .string("offsets"))
    }

    /// Either kind of answers stands on a model of its own.
    @Test func answersThatAModelDoesNotGiveAreRefused() throws {
        let folder = try folder()
        try train(folder, .nowhere)
        var settings = EvidenceMethod.Settings()
        settings.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1, heat: HeatMapConfiguration())
        try TinyModel.write(
            ModelWriter(folder.file("hot"), storage: .float32),
            TinyModel.configuration(EvidenceMethod.self, settings, vocabulary: TinyModel.pieces), seed: 5)
        try TinyModel.write(
            ModelWriter(folder.file("tagger"), storage: .float32),
            TinyModel.configuration(CRFNone.self, CRFNone.Settings(), vocabulary: TinyModel.pieces), seed: 5)
        func error(_ model: String, _ assignments: [String]) -> String {
            var inputs = TrainingInputs()
            (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file(model))
            return folder.error {
                _ = try MAKARRecipe.prepare(
                    file: .object([]), assignments, inputs, at: RunPlace(folder.file("more")))
            } ?? "none"
        }
        let offsets = "policy.actions=offsets"
        #expect(error("out", [offsets]).contains("a second stage has the last word"))
        #expect(error("hot", [offsets]).contains("they are told from heat maps"))
        #expect(error("tagger", [offsets]).contains("this one only tags"))
        #expect(error("out", ["policy.centreDeviation=0.1"]).contains("are for policy.actions=offsets"))
        #expect(error("out", ["policy.learnsDeviation=true"]).contains("are for policy.actions=offsets"))
        #expect(error("tiny", [offsets, "policy.sideDeviation=0"]).contains("0.0001 to 1"))
    }

    /// A model gets a detector, and learns and is judged with what that sees where nobody else has looked.
    @Test func aDetectorBecomesAPartOfTheModel() throws {
        let folder = try folder()
        var shape = ObjectDetectorConfiguration(labels: ["cat", "dog"])
        (shape.imageSize, shape.widths, shape.leastScore) = (32, Array(repeating: 4, count: 9), 0)
        shape.extras = Array(repeating: [4, 4], count: 4)
        var layout = ParameterLayout()
        _ = ObjectDetector(shape, in: &layout)
        let writer = try ModelWriter(folder.file("detector"), storage: .float32)
        try writer.write(ModelWriter.Part("model.safetensors", layout) { $0.initialValues(seed: 1) })
        try writer.write(json: shape)
        var settings = EVGSettings()
        (settings.loop.epochs, settings.loop.batch) = (1, 8)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("tiny"))
        inputs[.detector] = folder.file("detector")
        try EVGRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        let grounder = try Grounder(directory: folder.file("out"))
        #expect(grounder.objectImageSize == 32)
        // In the pictures of half of the posts things have a label already; the others get what the model sees.
        var data = EvidenceData()
        data.pictured = folder.file("posts")
        var posts = try data.read(.dev, types: .coarse)
        for index in posts.pictured.indices {
            posts.pictured[index].regions.removeAll { $0.label != nil && index % 2 == 0 }
        }
        let preparation = EvidencePreparation(
            model: folder.file("out"), cache: folder.file("cache"), pool: WorkerPool(workers: 2))
        let seen = try preparation.lookedAt(posts, data)
        for (index, (before, after)) in zip(posts.pictured, seen.pictured).enumerated() {
            #expect(index % 2 == 0 ? after.regions.count > before.regions.count : after == before)
            #expect(after.regions.suffix(before.regions.count) == before.regions[...])
        }
        // What stands on such a model has it too, and its pictures are the same.
        inputs[.tagger] = folder.file("out")
        inputs[.detector] = nil
        try EVGRecipe.prepare(settings, inputs, at: RunPlace(folder.file("more"))).run()
        // Without a second stage that looks at regions nobody asks the detector, and it goes.
        settings.candidates.regions = false
        try EVGRecipe.prepare(settings, inputs, at: RunPlace(folder.file("without"))).run()
        #expect(try ModelDirectory(folder.file("without")).configuration().objects == nil)
        settings.candidates.regions = true
        inputs[.tagger] = folder.file("without")
        try EVGRecipe.prepare(settings, inputs, at: RunPlace(folder.file("again"))).run()
        #expect(try Grounder(directory: folder.file("again")).objectImageSize == nil)
        let picture = [Float](repeating: 0.5, count: 32 * 32 * 3)
        let objects = try ["out", "more"].map {
            try Grounder(directory: folder.file($0)).makeWorker().objects(in: picture)
        }
        #expect(objects[0] == objects[1] && !objects[0].isEmpty)
    }

    @Test func whatGoesOnNeedsAStageWithOneForBeingNowhere() throws {
        let folder = try folder()
        for presence in [nil, CandidatePresence.gate] {
            if let presence { try train(folder, presence) }
            var inputs = TrainingInputs()
            (inputs[.pictured], inputs[.tagger]) = (
                folder.file("posts"), folder.file(presence == nil ? "tiny" : "out")
            )
            let error = folder.error {
                _ = try MAKARRecipe.prepare(MAKARSettings(), inputs, at: RunPlace(folder.file("more")))
            }
            #expect(error?.contains("one candidate stands for being nowhere") == true, "\(error ?? "none")")
        }
    }

    @Test func theRestStaysAsItIs() throws {
        let folder = try folder()
        try train(folder, .seen)
        let (before, after) = (try values(folder.file("tiny")), try values(folder.file("out")))
        for (name, numbers) in before { #expect(after[name] == numbers, "\(name)") }
        #expect(Set(after.keys).subtracting(before.keys).allSatisfy { $0.hasPrefix("choice.") })
        // What says nothing of regions is answered as before, to the last digit, also by its lines.
        let bare = PostText(text: "Marta smiles at Quixo")
        let answers = try ["tiny", "out"].map { name in
            let worker = try Grounder(directory: folder.file(name)).makeWorker()
            let picture = try worker.see([PictureInput(patches: [Float](repeating: 0.5, count: 16 * 14 * 14 * 3))])[0]
            return try worker.ground(worker.read([bare])[0], picture: picture)
        }
        #expect(answers[0] == answers[1] && !answers[0].isEmpty)
    }

    private func values(_ model: FilePath) throws -> [String: [Float]] {
        let directory = try ModelDirectory(model)
        let network = try Network(directory.configuration())
        let values = try directory.checkpoint(network.configuration).load(network.reading)
        return Dictionary(
            uniqueKeysWithValues: network.reading.entries.map { ($0.names[0], values.array($0.parameter)) })
    }

    @Test func aSecondStageNeedsAFirst() throws {
        let folder = try folder()
        try TinyModel.write(
            ModelWriter(folder.file("tagger"), storage: .float32),
            TinyModel.configuration(CRFNone.self, CRFNone.Settings(), vocabulary: TinyModel.pieces), seed: 5)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("tagger"))
        let error = folder.error {
            _ = try EVGRecipe.prepare(EVGSettings(), inputs, at: RunPlace(folder.file("out")))
        }
        #expect(error?.contains("a second stage stands on a model that grounds") == true, "\(error ?? "none")")
    }

    /// Nor does it stand on boxes that nobody draws.
    @Test func aSecondStageNeedsBoxesThatAreDrawn() throws {
        let folder = try folder()
        var settings = EvidenceMethod.Settings()
        settings.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1, heat: HeatMapConfiguration())
        try TinyModel.write(
            ModelWriter(folder.file("hot"), storage: .float32),
            TinyModel.configuration(EvidenceMethod.self, settings, vocabulary: TinyModel.pieces), seed: 5)
        var inputs = TrainingInputs()
        (inputs[.pictured], inputs[.tagger]) = (folder.file("posts"), folder.file("hot"))
        let error = folder.error {
            _ = try EVGRecipe.prepare(EVGSettings(), inputs, at: RunPlace(folder.file("out")))
        }
        #expect(error?.contains("this model tells them from heat maps") == true, "\(error ?? "none")")
    }

    /// Pixels of the picture become shares, and what lies outside is left out.
    @Test func regionsOfPostsAreRead() throws {
        let line = """
            {"id":"1","text":"Kim","image":"a.png","width":100,"height":50,"triples":[{"type":"PER","start":0,"end":3,"boxes":[]}],"regions":[\
            {"box":[10,10,50,25],"label":"cat","score":0.5},{"box":[200,0,300,9]},{"box":[-5,0,200,50],"text":"KIM"}]}
            """
        let folder = try DataFolder(["dev.ndjson": line])
        var data = EvidenceData()
        data.pictured = folder.path
        #expect(
            try data.read(.dev, types: .coarse).pictured.first?.regions == [
                SeenRegion(box: RelativeBox(x1: 0.1, y1: 0.2, x2: 0.5, y2: 0.5), label: "cat", score: 0.5),
                SeenRegion(box: .whole, text: "KIM"),
            ])
    }

    /// A model that answers gold posts is told what the filter is told.
    @Test func goldPostsAreAskedWithTheirRegions() throws {
        let line = #"{"id":"1","text":"Kim","image":"a.png","triples":[],"regions":[{"box":[1,2,3,4],"text":"KIM"}]}"#
        let post = try #require(try NDJSONReader().read(Array(line.utf8), of: "gold").posts.first)
        let regions = [PostRegion(box: PixelBox(x1: 1, y1: 2, x2: 3, y2: 4), text: "KIM")]
        #expect(post.record(line: 1, image: "a.png").images.map(\.regions) == [regions])
        #expect(post.record(line: 1).images.isEmpty)
    }
}
