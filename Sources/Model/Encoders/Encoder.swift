package import Kernels
package import SystemPackage

/// An encoder on its own, from a directory in Hugging Face's layout: rows for texts or pictures, and nothing else.
///
/// For features outside a model, and for comparing with other engines. Not shared between threads that run at the same
/// moment; encoders made by ``another()`` share their weights.
package final class Encoder {
    /// Which family, and its shape.
    package let kind: EncoderImport.Kind
    private let network: EncoderNetwork
    private let values: ParameterValues
    private let evaluator: Evaluator

    /// Opens a checkpoint.
    ///
    /// - Parameter imageSize: Another side of the input picture than the checkpoint's, in pixels.
    package convenience init(_ directory: FilePath, imageSize: Int? = nil) throws(ModelError) {
        let checkpoint = try EncoderImport(directory, imageSize: imageSize)
        try self.init(checkpoint.kind, checkpoint.network, checkpoint.values())
    }

    private init(_ kind: EncoderImport.Kind, _ network: EncoderNetwork, _ values: ParameterValues) throws(ModelError) {
        self.kind = kind
        self.network = network
        self.values = values
        do throws(ShapeError) {
            evaluator = Evaluator(values, workspace: try Workspace(capacity: 1 << 28))
        } catch {
            throw ModelError(.unsupported, error.description)
        }
    }

    /// Another encoder with scratch memory of its own, for another thread.
    package func another() throws(ModelError) -> Encoder {
        try Encoder(kind, network, values)
    }

    /// Rows of texts that lie one after the other: `ids.count × width`, row by row. `ids` are pieces, special ones
    /// included; `lengths` says how many each text has.
    package func rows(ids: [Int32], lengths: [Int]) throws(ShapeError) -> [Float] {
        guard case .text(let encoder) = network else {
            throw ShapeError("encoder", expected: "pictures", got: "pieces")
        }
        evaluator.reset()
        return evaluator.array(try encoder.encode(ids, lengths: lengths, on: evaluator))
    }

    /// Rows of pictures: `count · tokens × width`, row by row. `patches` has a row of `3·patch²` normalised values a
    /// patch, picture after picture.
    package func rows(patches: [Float], count: Int) throws(ShapeError) -> [Float] {
        guard case .picture(let encoder) = network else {
            throw ShapeError("encoder", expected: "pieces", got: "pictures")
        }
        evaluator.reset()
        let columns = encoder.configuration.patchColumns
        let pixels = try evaluator.constant(rows: patches.count / columns, columns: columns, patches.span)
        return evaluator.array(try encoder.encode(pixels, count: count, on: evaluator))
    }
}

/// Either encoder, declared.
enum EncoderNetwork: Sendable {
    case text(TextEncoder)
    case picture(PatchEncoder)

    /// Declares the encoder of a kind.
    init(_ kind: EncoderImport.Kind, in layout: inout ParameterLayout) {
        self =
            switch kind {
            case .text(let configuration): .text(TextEncoder(configuration, in: &layout))
            case .picture(let configuration): .picture(PatchEncoder(configuration, in: &layout))
            }
    }
}
