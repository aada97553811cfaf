import Foundation
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

    @Test func picturesTellNamesApart() throws {
        let folder = try folder()
        var settings = GatedFusionRecipe.Settings()
        (settings.fusion.width, settings.fusion.heads) = (16, 2)
        (settings.rates.encoder, settings.rates.head) = (3e-3, 1e-2)
        settings.dropout = 0
        settings.loop.epochs = 30
        settings.loop.batch = 8
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = folder.file("tiny")
        inputs[.images] = folder.file("images")
        let out = folder.file("out")
        // Without a look, half of the names would be right.
        #expect(try GatedFusionRecipe.prepare(settings, inputs, at: RunPlace(out)).run() > 0.95)
        let grounder = try Grounder(directory: out)
        #expect(grounder.looks == .beforeTagging)

        let posts = [("0.png", 1), ("1.png", 2), (nil, 3)].map { image, line in
            Post(line: line, text: "Kim smiles", image: image)
        }
        let source = PictureSource(root: folder.file("images"))
        let answers = try Pipeline.opening(out, pictures: source, plan: Plan(jobs: 2)).answers(to: posts)
        let lines = answers.map { String(decoding: $0.lines, as: UTF8.self) }
        try #require(lines.count == 3)
        #expect(lines[0].contains(#""type":"PER""#) && lines[1].contains(#""type":"LOC""#))
        // A post that shows nothing is answered as well.
        #expect(lines[2].contains(#""entity":"Kim""#))
    }
}
