import SystemPackage
import Testing

@testable import Model

/// Both encoders against PyTorch, after every number of layers (see Fixtures/make_encoders.py).
@Suite struct EncoderParityTests {
    /// Shape of what the fixtures hold.
    private static let layers = 3

    @Test(arguments: ["bert", "mpnet"], 0...layers)
    func textEncoder(family: String, depth: Int) throws {
        let directory = try fixture("Encoders/\(family)")
        let states = try Matrices(directory.appending("states.safetensors"))
        guard case .text(var configuration) = try EncoderImport(directory).kind else {
            Issue.record("\(family) is no text encoder")
            return
        }
        configuration.layers = depth
        var layout = ParameterLayout()
        let encoder = TextEncoder(configuration, in: &layout)
        let values = try ModelDirectory(directory).checkpoint(of: ["model.safetensors"]).load(layout)
        let evaluator = try evaluator(values)
        let rows = try encoder.encode(
            states.integers("ids").map(Int32.init), lengths: states.integers("lengths"), on: evaluator)
        #expect(relativeError(evaluator.array(rows), try states.floats("hidden.\(depth)")) < 1e-4)
    }

    @Test(arguments: ["vit", "dinov2", "registers", "dinov2-larger", "dinov2-smaller"], 0...layers)
    func patchEncoder(family: String, depth: Int) throws {
        let directory = try fixture("Encoders/\(family)")
        let states = try Matrices(directory.appending("states.safetensors"))
        let patches = try states.floats("patches")
        guard case .picture(var configuration) = try EncoderImport(directory).kind else {
            Issue.record("\(family) is no patch encoder")
            return
        }
        let perPicture = patches.count / configuration.patchColumns / 2
        configuration.imageSize = Int(Double(perPicture).squareRoot()) * configuration.patchSize
        configuration.layers = depth
        var layout = ParameterLayout()
        let encoder = PatchEncoder(configuration, in: &layout)
        let values = try ModelDirectory(directory).checkpoint(of: ["model.safetensors"]).load(layout)
        let evaluator = try evaluator(values)
        let pixels = try evaluator.constant(
            rows: 2 * perPicture, columns: configuration.patchColumns, patches.span)
        let rows = try encoder.encode(pixels, count: 2, on: evaluator)
        #expect(relativeError(evaluator.array(rows), try states.floats("hidden.\(depth)")) < 1e-4)
    }

    @Test(arguments: ["bert", "mpnet", "vit", "dinov2", "registers"])
    func whatIsWrittenIsTheSameEncoder(family: String) throws {
        try withTemporaryDirectory { target in
            let source = try EncoderImport(fixture("Encoders/\(family)"))
            try source.write(ModelWriter(target, storage: .float32))
            let copy = try EncoderImport(target)
            let (before, after) = (try source.values(), try copy.values())
            for (old, new) in zip(source.layout.entries, copy.layout.entries) {
                #expect(before.array(old.parameter) == after.array(new.parameter), "\(new.names)")
            }
        }
    }
}
