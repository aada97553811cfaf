package import Geometry
package import Images

/// Gets pictures by the paths that posts name.
package protocol PictureLoading: Sendable {
    /// Pixels of the side of a patch of these pictures; `nil` where they are none of patches.
    var patch: Int? { get }

    /// Loads one picture, unless the deadline passes before; called on several threads at once.
    func load(_ path: String, by deadline: Deadline) throws(ImageError) -> LoadedPicture

    /// The size of a picture, by what its file begins with.
    func size(of path: String, by deadline: Deadline) throws(ImageError) -> ImageSize

    /// Where others find a picture; `nil` where the path is none.
    func address(of path: String) -> PictureAddress?
}

/// Pictures of files, prepared as a model wants them.
package struct PatchPictures: PictureLoading {
    private let source: PictureSource
    private let preparation: ImageToPatches

    /// Pictures of `source`, prepared as a model wants them.
    package init(source: PictureSource, preparation: ImageToPatches) {
        self.source = source
        self.preparation = preparation
    }

    /// Pixels of a patch's side.
    package var patch: Int? { preparation.patch }

    /// Reads, decodes and prepares one picture.
    package func load(_ path: String, by deadline: Deadline) throws(ImageError) -> LoadedPicture {
        try preparation.load(path, from: source, deadline: deadline)
    }

    /// Reads a picture's size.
    package func size(of path: String, by deadline: Deadline) throws(ImageError) -> ImageSize {
        try source.size(of: path, deadline: deadline)
    }

    /// Where others find a picture.
    package func address(of path: String) -> PictureAddress? { source.address(of: path) }
}
