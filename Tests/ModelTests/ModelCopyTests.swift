import Foundation
@testable import Geometry
import SystemPackage
import Testing
@testable import Text
@testable import Weights

@testable import Model

/// What `gmner import --store` does to a model.
@Suite("A copy of a model of every method")
struct ModelCopyTests {
    /// Every method there is; those that can ground also with what grounds, once in each of its forms.
    private static func configurations() -> [ModelConfiguration] { Methods.all.flatMap { configurations(of: $0) } }

    private static func configurations<M: Method>(of method: M.Type) -> [ModelConfiguration] {
        let vocabulary = TinyModel.pieces
        var settings = M.Settings()
        settings.words = WordConfiguration(readingPieces: 64)
        let plain = TinyModel.configuration(M.self, settings, vocabulary: vocabulary)
        guard settings is any GroundedSettings else { return [plain] }
        let anchors = [RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)]
        let grounded = [nil, CandidateConfiguration(anchors: anchors, peaks: 2)].map { candidates in
            var configuration = plain
            configuration.grounding = EvidenceConfiguration(
                width: 16, heads: 2, layers: 1, pictureLayers: candidates.map { _ in 1 },
                prior: candidates.map { _ in 3 }, candidates: candidates)
            return configuration
        }
        return grounded + ((try? Network(plain)) == nil ? [] : [plain])
    }

    @Test(arguments: [SafetensorsWriter.Storage.float32, .float16, .int8Rows])
    func keepsEveryParameter(_ storage: SafetensorsWriter.Storage) throws {
        let configurations = Self.configurations()
        #expect(Set(configurations.map { $0.method.name }) == Set(Methods.all.map { $0.name }))
        for configuration in configurations {
            try withTemporaryDirectory { directory in
                let (from, to) = (directory.appending("from"), directory.appending("to"))
                try TinyModel.write(ModelWriter(from, storage: .float32), configuration, seed: 3)
                try ModelCopy(from).write(ModelWriter(to, storage: storage))
                try compare(from, to, storage)
            }
        }
    }

    @Test func answersStayAsTheyWere() throws {
        try withTemporaryDirectory { directory in
            let (old, new) = (directory.appending("old"), directory.appending("new"))
            try TinyModel.write(ModelWriter(old, storage: .float32), seed: 9)
            try ModelCopy(old).write(ModelWriter(new, storage: .float32))
            let post = PostText(text: "Ann met Bob in Rome", alt: "two people")
            let answers = try [old, new].map { path in
                let worker = try Grounder(directory: path).makeWorker()
                return try worker.ground(worker.read([post])[0], picture: nil)
            }
            #expect(!answers[0].isEmpty)
            #expect(answers[0] == answers[1])
        }
    }

    private func compare(_ from: FilePath, _ to: FilePath, _ storage: SafetensorsWriter.Storage) throws {
        let before = try ModelDirectory(from).configuration()
        var after = try ModelDirectory(to).configuration()
        after.weights = before.weights
        #expect(try json(after) == json(before))
        let network = try Network(before)
        #expect(!network.seeing.entries.isEmpty || network.looks == .never)
        for layout in [network.reading, network.seeing] {
            let expected = try ModelDirectory(from).checkpoint(before).load(layout)
            let got = try ModelDirectory(to).checkpoint(ModelDirectory(to).configuration()).load(layout)
            for entry in layout.entries {
                let parameter = entry.parameter
                let (old, new) = (expected.array(parameter), got.array(parameter))
                #expect(old.count == parameter.count && new.count == old.count)
                for row in 0..<parameter.rows {
                    let range = row * parameter.columns..<(row + 1) * parameter.columns
                    let largest = old[range].map(abs).max() ?? 0
                    let error = zip(old[range], new[range]).map { abs($0 - $1) }.max() ?? 0
                    #expect(error <= rounding(of: largest, entry, storage), "\(entry.names[0]), row \(row)")
                }
            }
        }
    }

    /// The most that a number of a row can be off whose largest one is `largest`: half a step of the storage.
    private func rounding(
        of largest: Float, _ entry: ParameterLayout.Entry, _ storage: SafetensorsWriter.Storage
    ) -> Float {
        guard entry.kind != .vector, storage != .float32 else { return 0 }
        return storage == .float16 ? largest * 0x1p-11 : largest / 127 * 0.5001
    }

    private func json(_ configuration: ModelConfiguration) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(configuration), as: UTF8.self)
    }
}
