import Foundation
import SystemPackage
import Testing

@testable import Model

/// One model takes another's place.
@Suite("A model that is written where one is")
struct ModelReplacingTests {
    private let folder = FilePath(NSTemporaryDirectory()).appending("gmner-\(UUID().uuidString)")

    /// Parameters that are all this number, in two files.
    private func parts(
        _ network: Network, _ number: Float, meanwhile: @escaping () -> Void = {}
    ) -> [ModelWriter.Part] {
        [("model.safetensors", network.reading), ("picture.safetensors", network.seeing)].map { file, layout in
            ModelWriter.Part(file, layout) { entry in
                meanwhile()
                return Array(repeating: number, count: entry.parameter.count)
            }
        }
    }

    /// Every number of the model in the folder, once; empty where there is no model.
    private func numbers() -> Set<Float> {
        guard let directory = try? ModelDirectory(folder), let configuration = try? directory.configuration(),
            let network = try? Network(configuration),
            let checkpoint = try? directory.checkpoint(configuration)
        else { return [] }
        var numbers: Set<Float> = []
        for layout in [network.reading, network.seeing] {
            guard let values = try? checkpoint.load(layout) else { return [-1] }
            for entry in layout.entries { numbers.formUnion(values.array(entry.parameter)) }
        }
        return numbers
    }

    @Test("A model that is opened while another takes its folder's name is one of the two")
    func foldersAreNotMixed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let (first, second) = (folder.appending("first"), folder.appending("second"))
        try TinyModel.write(ModelWriter(first, storage: .float32), seed: 3)
        try TinyModel.write(ModelWriter(second, storage: .float32), seed: 4)
        let checksums = try [first, second].map { try ModelDirectory($0).checksum() }
        #expect(checksums[0] != checksums[1])

        let opened = try ModelDirectory(first)
        let configuration = try opened.configuration()
        #expect(rename(first.string, folder.appending("away").string) == 0)
        #expect(rename(second.string, first.string) == 0)
        #expect(try opened.checksum() == checksums[0])
        #expect(try ModelDirectory(first).checksum() == checksums[1])
        let layout = try Network(configuration).reading
        let values = try [opened, ModelDirectory(folder.appending("away")), ModelDirectory(first)].map {
            let values = try $0.checkpoint(configuration).load(layout)
            return layout.entries.map { values.array($0.parameter) }
        }
        #expect(values[0] == values[1] && values[0] != values[2])
    }

    @Test func filesThatAreNoVocabularyAreNamed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try TinyModel.write(ModelWriter(folder, storage: .float32), seed: 3)
        let file = folder.appending("vocab.txt")
        func error() -> String {
            let error = #expect(throws: ModelError.self) { _ = try Grounder(directory: folder) }
            return error?.message ?? "none"
        }
        try FileManager.default.removeItem(atPath: file.string)
        #expect(error() == "\(file): No such file or directory")
        try FileManager.default.createDirectory(atPath: file.string, withIntermediateDirectories: false)
        #expect(error() == "\(file): Is a directory")
        try FileManager.default.removeItem(atPath: file.string)
        try FileManager.default.createSymbolicLink(atPath: file.string, withDestinationPath: "/dev/null")
        #expect(error() == "\(file): not a regular file")
    }

    @Test func aMissingFolderIsAMissingConfiguration() throws {
        let error = #expect(throws: ModelError.self) { _ = try ModelDirectory(folder) }
        #expect(error?.code == .missing)
        #expect(error?.message == "\(folder)/config.json: No such file or directory")
    }

    private var names: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.string)) }
    }

    @Test func allOfItsFilesChangeTogether() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let writer = try ModelWriter(folder, storage: .float32)
        let network = try Network(TinyModel.configuration(vocabulary: TinyModel.vocabulary.count { $0 == 10 }))
        func write(_ number: Float, meanwhile: @escaping () -> Void = {}) throws {
            try writer.write(
                network.configuration, vocabulary: TinyModel.vocabulary,
                parts(network, number, meanwhile: meanwhile))
        }
        var seen: Set<Set<Float>> = []
        try write(1) { seen.insert(numbers()) }
        #expect(seen == [[]])
        let files = try names
        seen = []
        try write(2) { seen.insert(numbers()) }
        #expect(seen == [[1]] && numbers() == [2])
        #expect(try names == files)
    }

    /// What a process leaves that is killed after the first switch is a whole model, and stays one until there is another.
    @Test func aReplacementThatStoppedHalfWayIsAModel() throws {
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let writer = try ModelWriter(folder, storage: .float32)
        let network = try Network(TinyModel.configuration(vocabulary: TinyModel.vocabulary.count { $0 == 10 }))
        try writer.write(network.configuration, vocabulary: TinyModel.vocabulary, parts(network, 1))
        let files = try names
        var half = network.configuration
        half.weights = ["next-model.safetensors", "next-picture.safetensors"]
        for (part, name) in zip(parts(network, 2), half.weights) { try writer.write(part, to: name) }
        try writer.write(json: half)
        #expect(numbers() == [2])
        var seen: Set<Set<Float>> = []
        try writer.write(
            network.configuration, vocabulary: TinyModel.vocabulary, parts(network, 3) { seen.insert(numbers()) })
        #expect(seen == [[2]] && numbers() == [3])
        #expect(try names == files)
    }
}
