import Wire
package import Geometry

/// A picture as the patch encoder takes it.
package struct LoadedPicture: Sendable {
    /// One row a patch, as ``Model/GroundingWorker/see(_:)`` takes them.
    package var patches: [Float]
    /// Size of the stored picture.
    package var size: ImageSize

    /// A picture from its parts.
    package init(patches: [Float], size: ImageSize) {
        self.patches = patches
        self.size = size
    }
}

/// Why a picture could not be loaded.
package struct PictureFailure: Error, Equatable {
    /// What went wrong, for programs: `image.truncated`, say.
    package let code: String
    /// One sentence for people.
    package let message: String

    /// A failure from its parts.
    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Gets pictures by the paths that posts name.
package protocol PictureLoading: Sendable {
    /// Loads one picture; called on several threads at once.
    func load(_ path: String) throws(PictureFailure) -> LoadedPicture
}
