import Files
import Foundation
import SystemPackage
import Testing
import Text

@testable import Model

/// Sizes that a `config.json` names come from anybody.
@Suite struct ExtremeNumberTests {
    /// Whatever a number is, nothing is computed of it that does not fit: the model opens, or its file is named.
    @Test(arguments: [
        "0", "-1", "65536", "2147483648", "4611686018427387904", "9223372036854775807", "-9223372036854775808", "1e308",
    ])
    func extremeNumbers(extreme: String) throws {
        try withTemporaryDirectory { directory in
            let writer = try ModelWriter(directory, storage: .float32)
            try TinyModel.write(writer, seed: 1)
            let text = String(
                decoding: try WholeFile.read(directory.appending("config.json"), maxBytes: 1 << 22), as: UTF8.self)
            let numbers = text.ranges(of: /-?[0-9][0-9.e\-]*(?=,?\n)/)
            #expect(numbers.count > 20)
            for number in numbers {
                try writer.write(Array(text.replacingCharacters(in: number, with: extreme).utf8), to: "config.json")
                do throws(ModelError) {
                    _ = try Grounder(directory: directory)
                } catch {
                    #expect(error.message.hasPrefix(directory.string) || error.message.contains("tensor"))
                }
            }
        }
    }

    @Test(arguments: ["bert", "mpnet", "vit", "registers"]) func extremeNumbersOfEncoders(family: String) throws {
        let source = try fixture("Encoders/\(family)/config.json")
        let text = String(decoding: try WholeFile.read(source, maxBytes: 1 << 22), as: UTF8.self)
        try withTemporaryDirectory { directory in
            let writer = try ModelWriter(directory, storage: .float32)
            for number in text.ranges(of: /-?[0-9][0-9.e\-]*(?=,?\n)/) {
                for extreme in ["-9223372036854775808", "0", "4611686018427387904", "9223372036854775807"] {
                    try writer.write(Array(text.replacingCharacters(in: number, with: extreme).utf8), to: "config.json")
                    #expect(throws: ModelError.self) { try EncoderImport(directory) }
                }
            }
        }
    }

    /// Every size at its largest at once: what is computed of them fits still.
    @Test func theLargestSizesFit() throws {
        let text = TextEncoderConfiguration(
            family: .mpnet, width: 1 << 14, layers: 512, heads: 512, innerWidth: 1 << 16, vocabularySize: 1 << 21,
            positions: 1 << 16, segments: 1 << 10, distanceBuckets: 511)
        let picture = PatchEncoderConfiguration(
            family: .dinov2WithRegisters, width: 1 << 14, layers: 512, heads: 512, innerRatio: 4, imageSize: 4096,
            patchSize: 32, registers: 64)
        var settings = EvidenceMethod.Settings()
        settings.words.shapes = 1024
        settings.grounding = EvidenceConfiguration(
            width: 1024, heads: 1024, layers: 64, pictureLayers: 64, prior: 4096,
            candidates: CandidateConfiguration(anchors: Array(repeating: .whole, count: 1024), peaks: 256))
        let network = try Network(
            ModelConfiguration(
                EvidenceMethod.self, settings, types: (0..<1024).map { "T\($0)" }, text: text, picture: picture))
        let numbers = (network.reading.entries + network.seeing.entries).reduce(0) { $0 + $1.parameter.count }
        #expect(numbers > 1 << 40 && numbers < 1 << 48)
        settings.grounding?.width = 4096
        #expect(throws: ModelError.self) {
            try settings.validate(
                ModelShapes(text: text, picture: picture, tags: TagSet(TypeInventory(["A"]))))
        }
    }
}
