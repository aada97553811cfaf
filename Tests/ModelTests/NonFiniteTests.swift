import Files
import Foundation
import Geometry
import SystemPackage
import Testing
@testable import Weights

@testable import Model

/// Numbers that are none: refused where a model is opened, and without harm where they come up in between.
@Suite struct NonFiniteTests {
    /// Every tensor of every file, in every way to keep it: one bad number, and the model is refused by its name and place.
    @Test(arguments: SafetensorsWriter.Storage.allCases, [Float.nan, -.infinity])
    func refusedWhenAModelIsOpened(storage: SafetensorsWriter.Storage, bad: Float) throws {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: storage), seed: 1)
            for name in ["model.safetensors", "picture.safetensors"] {
                let path = directory.appending(name)
                let good = try Data(contentsOf: URL(filePath: path.string))
                let tensors = try SafetensorsFile(path).tensors.filter { $0.value.type != .int8 }
                #expect(tensors.count > 20)
                for (tensor, entry) in tensors {
                    // The number in the middle, or the last of a few.
                    let index = entry.count > 50 ? entry.count / 2 : entry.count - 1
                    let bits =
                        entry.type == .float16
                        ? [UInt8](withUnsafeBytes(of: Float16(bad).bitPattern) { Array($0) })
                        : [UInt8](withUnsafeBytes(of: bad.bitPattern) { Array($0) })
                    var data = good
                    let place = entry.bytes.lowerBound + index * entry.type.size
                    data.replaceSubrange(place..<place + entry.type.size, with: bits)
                    try FileManager.default.removeItem(atPath: path.string)
                    try data.write(to: URL(filePath: path.string))
                    let error = #expect(throws: ModelError.self, "\(tensor)") { try Grounder(directory: directory) }
                    let columns = entry.shape.count == 2 ? entry.shape[1] : 1
                    let indices = entry.shape.count == 2 ? [index / columns, index % columns] : [index]
                    #expect(error?.message == "\(path): tensor \(tensor): \(bad) at \(indices) is not finite")
                }
                try FileManager.default.removeItem(atPath: path.string)
                try good.write(to: URL(filePath: path.string))
            }
            _ = try Grounder(directory: directory)
        }
    }

    @Test(arguments: ["1e-12", "1e-06"], ["0", "-1e-3"])
    func refusesWhatAVarianceCannotBear(old: String, new: String) throws {
        try withTemporaryDirectory { directory in
            let writer = try ModelWriter(directory, storage: .float32)
            try TinyModel.write(writer, seed: 1)
            let text = String(
                decoding: try WholeFile.read(directory.appending("config.json"), maxBytes: 1 << 22), as: UTF8.self)
            let line = try #require(
                text.split(separator: "\n").first { $0.contains("layer_norm_eps") && $0.contains(old) })
            try writer.write(
                Array(text.replacing(line, with: line.replacing(old, with: new)).utf8), to: "config.json")
            let error = #expect(throws: ModelError.self) { try Grounder(directory: directory) }
            #expect(error?.message.contains("layer_norm_eps") == true)
        }
    }

    /// Finite numbers whose products are not: whatever is answered, nothing stops.
    @Test(arguments: [Float(1e12), 1e19, 1e30], [false, true])
    func overflowsOnTheWayStopNothing(factor: Float, chooses: Bool) throws {
        try withTemporaryDirectory { directory in
            var settings = EvidenceMethod.Settings()
            settings.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1)
            if chooses {
                settings.grounding?.candidates = CandidateConfiguration(
                    anchors: [.whole, RelativeBox(x1: 0.25, y1: 0.25, x2: 0.5, y2: 1)], peaks: 2)
            }
            let vocabulary = TinyModel.vocabulary
            let configuration = TinyModel.configuration(
                EvidenceMethod.self, settings, vocabulary: vocabulary.count { $0 == 0x0A })
            let network = try Network(configuration)
            func values(_ entry: ParameterLayout.Entry) -> [Float] { entry.initialValues(seed: 4).map { $0 * factor } }
            try ModelWriter(directory, storage: .float32).write(
                configuration, vocabulary: vocabulary,
                ModelWriter.Part.files(of: network.reading, values: values)
                    + ModelWriter.Part.files(of: network.seeing, values: values))
            let model = try Grounder(directory: directory)
            let worker = try model.makeWorker()
            let mentions = [Mention(words: 0..<1, scalars: 0..<3, type: 0, score: 1)]
            let readings = try worker.read([
                PostText(text: "Ann met Bob", tokens: [0..<3, 4..<7, 8..<11], alt: "two people", mentions: mentions)
            ])
            let side = try #require(model.imageSize)
            let picture = try worker.see([PictureInput(patches: [Float](repeating: 0.5, count: side * side * 3))])[0]
            let answers = try worker.ground(readings[0], picture: picture, details: [.attention, .mask])
            #expect(answers.count == 1)
            #expect(answers[0].mask != nil && answers[0].attention != nil)
        }
    }

    @Test func conversionsOfEveryNumberAreTotal() {
        let bounds = -3...7
        for (value, expected) in [
            (Double.nan, -3), (-.infinity, -3), (.infinity, 7), (1e300, 7), (-1e300, -3), (7.5, 7), (6.999, 6),
            (0.5, 0),
            (-0.5, 0), (-2.5, -2), (-3.5, -3), (0, 0),
        ] {
            #expect(Int(value, within: bounds) == expected, "\(value)")
            #expect(Int(Float(value), within: bounds) == expected, "\(value)")
        }
        #expect(Int(1e300, within: 0...Int.max) == .max)
        #expect(Int(-1e300, within: Int.min...0) == .min)
        for bad in [Float.nan, .infinity, -.infinity, 1e30] {
            let box = RelativeBox(x1: bad, y1: 0, x2: 1, y2: bad)
            #expect((0..<16).contains(box.centrePatch(grid: 4)))
        }
    }
}
