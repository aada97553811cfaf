package import Kernels
package import SystemPackage

/// Runs an encoder that is no part of a model, on one thread at a time.
package final class EncoderWorker {
    private let kind: EncoderImport.Kind
    private let network: EncoderNetwork
    private let values: ParameterValues
    private let evaluator: Evaluator

    /// Columns of a row.
    package var width: Int {
        switch kind {
        case .text(let configuration): configuration.width
        case .picture(let configuration): configuration.width
        }
    }

    /// Opens a checkpoint in Hugging Face's layout.
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
            evaluator = Evaluator(values, workspace: try Workspace(size: 1 << 24))
        } catch {
            throw ModelError(.unsupported, error.description)
        }
    }

    /// Another one over the same weights, for another thread.
    package func another() throws(ModelError) -> EncoderWorker {
        try EncoderWorker(kind, network, values)
    }

    /// Rows of texts that lie one after the other, `ids.count × width`.
    package func rows(ids: [Int32], lengths: [Int]) throws(ShapeError) -> [Float] {
        guard case .text(let encoder) = network else {
            throw ShapeError("encoder", expected: "pictures", got: "pieces")
        }
        guard lengths.allSatisfy({ $0 > 0 }), lengths.reduce(0, +) == ids.count else {
            throw ShapeError("encoder", expected: "\(ids.count) pieces", got: "lengths \(lengths)")
        }
        evaluator.reset()
        return evaluator.array(try encoder.encode(ids, lengths: lengths, on: evaluator))
    }

    /// Rows of pictures, `count · tokens × width`.
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
