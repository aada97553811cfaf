import SystemPackage
import Testing
@testable import Text

@testable import Model

@Suite("The mean of models")
struct ModelAverageTests {
    /// Every number is the mean; int8 in, f32 out.
    @Test func everyNumberIsTheMean() throws {
        try withTemporaryDirectory { directory in
            let paths = ["a", "b", "c"].map { directory.appending($0) }
            for (seed, path) in paths.enumerated() {
                try TinyModel.write(ModelWriter(path, storage: .int8Rows), seed: UInt64(seed))
            }
            let out = directory.appending("mean")
            try ModelAverage(paths).write(ModelWriter(out, storage: .float32))
            let network = try Network(ModelDirectory(out).configuration())
            for layout in [network.reading, network.seeing] {
                let values = try (paths + [out]).map { path in
                    let source = try ModelDirectory(path)
                    return try source.checkpoint(source.configuration()).load(layout)
                }
                for entry in layout.entries {
                    let numbers = values.map { $0.array(entry.parameter) }
                    for (index, mean) in numbers[3].enumerated() {
                        let sum = numbers[0][index] + numbers[1][index] + numbers[2][index]
                        #expect(abs(mean - sum / 3) <= 1e-6 * max(1, abs(mean)), "\(entry.names)")
                    }
                }
            }
            let origin = try ModelDirectory(out).configuration().training
            #expect(origin?["mean_of"]?.elements?.count == 3)
            // It answers.
            _ = try Grounder(directory: out).makeWorker().read([PostText(text: "Ann met Bob")])
        }
    }

    @Test func modelsOfAnotherKindAreRefused() throws {
        try withTemporaryDirectory { directory in
            let (one, other) = (directory.appending("one"), directory.appending("other"))
            try TinyModel.write(ModelWriter(one, storage: .float32), seed: 1)
            let vocabulary = TinyModel.pieces
            var configurations = [TinyModel.configuration(vocabulary: vocabulary)]
            configurations[0].types = ["PER"]
            configurations.append(TinyModel.configuration(vocabulary: vocabulary))
            configurations[1].grounding?.prior = 4
            for configuration in configurations {
                try TinyModel.write(ModelWriter(other, storage: .float32), configuration, seed: 1)
                let error = #expect(throws: ModelError.self) { try ModelAverage([one, other]) }
                #expect(error?.message == "\(other): not a model like \(one)")
            }
            try TinyModel.write(ModelWriter(other, storage: .float32), seed: 1)
            try ModelWriter(other, storage: .float32).write(TinyModel.vocabulary.reversed(), to: "vocab.txt")
            #expect(throws: ModelError.self) { try ModelAverage([one, other]) }
        }
    }
}
