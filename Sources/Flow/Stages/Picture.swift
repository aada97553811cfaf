public import Wire

/// A picture as the patch encoder takes it.
public struct LoadedPicture: Sendable {
    /// One row a patch, as ``Grounding/GroundingWorker/see(_:)`` takes them.
    public var patches: [Float]
    /// Size of the stored picture.
    public var size: ImageSize

    /// A picture from its parts.
    public init(patches: [Float], size: ImageSize) {
        self.patches = patches
        self.size = size
    }
}

/// Why a picture could not be loaded.
public struct PictureFailure: Error, Equatable {
    /// What went wrong, for programs: `image.truncated`, say.
    public let code: String
    /// One sentence for people.
    public let message: String

    /// A failure from its parts.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Gets pictures by the paths that posts name.
public protocol PictureLoading: Sendable {
    /// Loads one picture; called on several threads at once.
    func load(_ path: String) throws(PictureFailure) -> LoadedPicture
}
