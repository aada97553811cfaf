import Foundation
import JSON
import SystemPackage
import Testing

@testable import Flow
@testable import Images
@testable import Learning
@testable import Model
@testable import Text
@testable import Wire

/// A tagger that looks before it tags, from training to the filter.
@Suite("Training a tagger that looks")
struct FusionTrainingTests {
    /// Posts of one name, which is a person's where the picture has a white square, and a town's where it has none.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        for (part, numbers) in [("train", 0..<24), ("dev", 24..<36)] {
            var lines = ""
            for number in numbers {
                lines += "IMGID:\(number)\nKim\tB-\(number % 2 == 0 ? "PER" : "LOC")\nsmiles\tO\n\n"
                var pixels = [UInt8](repeating: 20, count: 56 * 56 * 3)
                if number % 2 == 0 {
                    let corner = 7 * (number / 2 % 4)
                    for row in corner..<corner + 28 {
                        for place in 3 * (row * 56 + corner)..<3 * (row * 56 + corner + 28) { pixels[place] = 250 }
                    }
                }
                try folder.write("images/\(number).png", PNGWriter.encode(width: 56, height: 56, rgb: pixels))
            }
            try folder.write("txt/\(part).txt", Array(lines.utf8))
        }
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        return folder
    }

    /// Trains a fusion on the folder, from a tiny tagger.
    private func train<R: FusionRecipe>(
        _ recipe: R.Type, _ folder: DataFolder, to out: FilePath, epochs: Int,
        grounding: GroundingSetting = .none
    ) throws -> Double {
        let looks = R.Trained.Part.self == WordsAlone.self ? "head" : "fusion"
        let file = #"{"\#(looks)":{"width":16},"rates":{"encoder":3e-3,"head":1e-2},"dropout":0}"#
        var settings = try R.Settings(file: JSONValue(parsing: Array(file.utf8)))
        settings.loop.epochs = epochs
        settings.loop.batch = 8
        settings.grounding = grounding
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("tiny")
        inputs[.images] = folder.file("images")
        return try R.prepare(settings, inputs, at: RunPlace(out)).run()
    }

    /// What minige adds is a tenth as long as what it is added to, so that the head has to learn to tell it; queries have to
    /// find out first which of them says what.
    private func epochs(_ recipe: any FusionRecipe.Type) -> Int {
        recipe == MinigeRecipe.self ? 40 : recipe == MQSPNRecipe.self ? 50 : 16
    }

    /// What the filter answers to posts that differ in their picture alone: a person's, a town's, none.
    private func answers(_ model: FilePath, _ folder: DataFolder) throws -> [String] {
        let posts = [("0.png", 1), ("1.png", 2), (nil, 3)].map { image, line in
            Post(line: line, text: "Kim smiles", image: image)
        }
        let source = PictureSource(root: folder.file("images"))
        return try Pipeline.opening(model, pictures: source, plan: Plan(jobs: 2)).answers(to: posts).map {
            String(decoding: $0.lines, as: UTF8.self)
        }
    }

    /// Every fusion that can be trained.
    private static let recipes = Recipes.all.compactMap { $0 as? any FusionRecipe.Type }

    @Test(arguments: recipes.map { $0.name })
    func picturesTellNamesApart(_ name: String) throws {
        let recipe = try #require(Self.recipes.first { $0.name == name })
        let folder = try folder()
        let out = folder.file("out")
        // Without a look, half of the names would be right.
        #expect(try train(recipe, folder, to: out, epochs: epochs(recipe)) > 0.95)
        #expect(try Grounder(directory: out).looks == .beforeTagging)
        let lines = try answers(out, folder)
        try #require(lines.count == 3)
        #expect(lines[0].contains(#""type":"PER""#) && lines[1].contains(#""type":"LOC""#))
        // A post that shows nothing is answered as well.
        #expect(lines[2].contains(#""entity":"Kim""#))
    }

    @Test(arguments: recipes.map { $0.name })
    func whatGroundsIsKept(_ name: String) throws {
        let recipe = try #require(Self.recipes.first { $0.name == name })
        let folder = try folder()
        let out = folder.file("out")
        _ = try train(recipe, folder, to: out, epochs: epochs(recipe), grounding: .evidence)
        let (tagger, trained) = try (ModelDirectory(folder.file("tiny")), ModelDirectory(out))
        #expect(try trained.configuration().grounding == tagger.configuration().grounding)
        #expect(try values(trained) { $0.hasPrefix("text.") } == values(tagger) { $0.hasPrefix("text.") })
        for part in ["evidence.", "gate.", "box."] {
            let kept = try values(tagger) { $0.hasPrefix(part) }
            #expect(try !kept.isEmpty && values(trained) { $0.hasPrefix(part) } == kept)
        }
        #expect(try answers(out, folder)[0].contains(#""visible":0."#))
    }

    @Test func aTaggerThatLooksGoesOnFromWhereItIs() throws {
        let folder = try folder()
        _ = try train(ITARecipe.self, folder, to: folder.file("ita"), epochs: 1)
        let file = #"{"fusion":{"width":16,"heads":2},"rates":{"encoder":0,"head":0},"loop":{"epochs":1}}"#
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("ita")
        let settings = try ITARecipe.Settings(file: JSONValue(parsing: Array(file.utf8)))
        _ = try ITARecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        let all = try values(ModelDirectory(folder.file("ita"))) { _ in true }
        #expect(try values(ModelDirectory(folder.file("out"))) { _ in true } == all)
    }

    @Test func passesAgreeWhereTheyCan() throws {
        let folder = try folder()
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("tiny")
        func prepare(_ recipe: String, _ settings: String...) throws -> TrainingRun {
            try Recipes.named(recipe).prepare(
                file: .object([]), settings, inputs, at: RunPlace(folder.file(recipe)))
        }
        let run = try prepare("span", "agreement=1", "loop.epochs=1", "fusion.width=16", "dropout=0.3")
        #expect(try run.run() >= 0)
        let error = #expect(throws: TrainingError.self) { try prepare("mqspn", "agreement=1") }
        #expect(error?.message == "agreement: 'mqspn' has no rows that could")
        let both = #expect(throws: TrainingError.self) { try prepare("ita", "agreement=1", "objectives.views=1") }
        #expect(both?.message == "agreement: objectives.views ties two passes already")
    }

    /// What grounds is learned on top of a tagger that looks, which goes on looking.
    @Test func aTaggerThatLooksIsGrounded() throws {
        let folder = try folder()
        _ = try train(ITARecipe.self, folder, to: folder.file("ita"), epochs: 1)
        var settings = EvidenceSettings()
        settings.loop.epochs = 1
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("ita")
        inputs[.images] = folder.file("images")
        _ = try EvidenceRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        let (tagger, grounded) = try (ModelDirectory(folder.file("ita")), ModelDirectory(folder.file("out")))
        let configuration = try grounded.configuration()
        #expect(configuration.method == ITA.self && configuration.grounding != nil)
        for part in ["text.", "tagger.", "fusion.", "alignment."] {
            let kept = try values(tagger) { $0.hasPrefix(part) }
            #expect(try !kept.isEmpty && values(grounded) { $0.hasPrefix(part) } == kept)
        }
        #expect(try Grounder(directory: folder.file("out")).looks == .beforeTagging)
    }

    /// The same under every other head, which goes on finding what it found.
    @Test(arguments: ["span", "mqspn", "fine", "gem"]) func anyHeadIsGrounded(_ name: String) throws {
        let recipe = try #require(Self.recipes.first { $0.name == name })
        let folder = try folder()
        _ = try train(recipe, folder, to: folder.file("tagger"), epochs: epochs(recipe))
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("tagger")
        inputs[.images] = folder.file("images")
        var settings = EvidenceSettings()
        settings.loop.epochs = 1
        _ = try EvidenceRecipe.prepare(settings, inputs, at: RunPlace(folder.file("out"))).run()
        let configuration = try ModelDirectory(folder.file("out")).configuration()
        #expect(configuration.method.name == name && configuration.grounding != nil)
        func found(_ model: String) throws -> [String] {
            try answers(folder.file(model), folder).map { $0.components(separatedBy: ",\"visible\"")[0] }
        }
        #expect(try found("out") == found("tagger"))
        #expect(try answers(folder.file("out"), folder)[0].contains(#""visible":0."#))
    }

    private func values(_ model: ModelDirectory, _ isWanted: (String) -> Bool) throws -> [String: [Float]] {
        let configuration = try model.configuration()
        let values = try model.checkpoint(configuration).load(Network(configuration).reading)
        return Dictionary(
            uniqueKeysWithValues: values.layout.entries.filter { isWanted($0.names[0]) }.map {
                ($0.names[0], values.array($0.parameter))
            })
    }
}
