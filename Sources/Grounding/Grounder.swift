public import Kernels
public import SystemPackage

/// A model that cannot be used: what is wrong, and in which file.
public struct ModelError: Error, Equatable, CustomStringConvertible {
    /// What kind of fault; stable, for programs.
    public enum Code: String, Sendable {
        case missing = "model.missing"
        case invalid = "model.invalid"
        case unsupported = "model.unsupported"
    }

    /// What kind of fault.
    public let code: Code
    /// What is wrong, and where.
    public let message: String
    /// The message.
    public var description: String { message }

    /// A fault of a model.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// A loaded model: weights and recipe, shared by all workers.
public final class Grounder: Sendable {
    /// Side of the square picture that the patch encoder takes, in pixels; `nil` where the method has no picture part.
    public let imageSize: Int?

    /// Opens a model directory (`config.json`, `vocab.txt`, `model.safetensors`).
    public init(directory: FilePath) throws(ModelError) {
        imageSize = nil
    }

    /// A worker with scratch memory of its own. Use one a thread.
    public func makeWorker() throws(ModelError) -> GroundingWorker { GroundingWorker(self) }
}

/// Runs a ``Grounder`` on one thread at a time; not shared between threads that run at the same moment.
public final class GroundingWorker {
    private let grounder: Grounder

    init(_ grounder: Grounder) {
        self.grounder = grounder
    }

    /// Tags several texts in one go (texts that wait anyway; no padding between them). One reading a text.
    public func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        posts.map { _ in Reading(entities: [], wantsPicture: false, queries: [], alt: [], altRows: 0) }
    }

    /// Encodes several pictures in one go. Each matrix is what `Images` makes for `imageSize`:
    /// one row a patch, `3·patch²` normalised values a row.
    public func see(_ pictures: [[Float]]) throws(ShapeError) -> [PictureFeatures] { [] }

    /// Decides for each entity of a reading whether it can be seen, and where. `picture` is `nil` where there is none.
    public func ground(
        _ reading: Reading, picture: PictureFeatures?, explain: Bool = false
    ) throws(ShapeError) -> [GroundedEntity] {
        reading.entities.map { GroundedEntity(entity: $0, visible: nil, box: nil, explanation: nil) }
    }
}
