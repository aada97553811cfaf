import Kernels
import Model
import SystemPackage

/// An encoder on its own, from a directory in Hugging Face's layout: rows for texts or pictures, and nothing else.
///
/// For features outside a model, and for comparing with other engines. Not shared between threads that run at the same
/// moment; encoders made by ``another()`` share their weights.
public final class FeatureEncoder {
    private let worker: EncoderWorker

    /// Columns of a row.
    public var width: Int { worker.width }

    /// Opens a checkpoint of the BERT, MPNet, ViT or DINOv2 family.
    ///
    /// - Parameters:
    ///   - directory: Folder with `config.json` and the weights.
    ///   - imageSize: Another side of the input picture than the checkpoint's, in pixels.
    /// - Throws: ``GroundingError`` for a checkpoint that cannot be used.
    public convenience init(_ directory: String, imageSize: Int? = nil) throws(GroundingError) {
        do throws(ModelError) {
            self.init(try EncoderWorker(FilePath(directory), imageSize: imageSize))
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }

    private init(_ worker: EncoderWorker) {
        self.worker = worker
    }

    /// Another encoder with scratch memory of its own, for another thread.
    ///
    /// - Throws: ``GroundingError`` where there is no address space for it.
    public func another() throws(GroundingError) -> FeatureEncoder {
        do throws(ModelError) {
            return FeatureEncoder(try worker.another())
        } catch {
            throw GroundingError(code: error.code.rawValue, message: error.message)
        }
    }

    /// Rows of texts that lie one after the other: `ids.count × width`, row by row. `ids` are pieces, special ones
    /// included; `lengths` says how many each text has.
    ///
    /// - Throws: ``GroundingError`` for pieces given to an encoder of pictures, and for lengths that do not add up.
    public func rows(ids: [Int32], lengths: [Int]) throws(GroundingError) -> [Float] {
        do throws(ShapeError) {
            return try worker.rows(ids: ids, lengths: lengths)
        } catch {
            throw GroundingError(code: "encoder.shape", message: error.description)
        }
    }

    /// Rows of pictures: `count · tokens × width`, row by row. `patches` has a row of `3·patch²` normalised values a
    /// patch, picture after picture.
    ///
    /// - Throws: ``GroundingError`` for pictures given to an encoder of texts, and for values that are no `count` pictures.
    public func rows(patches: [Float], count: Int) throws(GroundingError) -> [Float] {
        do throws(ShapeError) {
            return try worker.rows(patches: patches, count: count)
        } catch {
            throw GroundingError(code: "encoder.shape", message: error.description)
        }
    }
}
