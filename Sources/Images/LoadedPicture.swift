package import Geometry

/// A picture as a patch encoder takes it.
package struct LoadedPicture: Sendable {
    /// The patch matrix, one row a patch; see ``ImageToPatches/matrix(of:)``.
    package var patches: [Float]
    /// The pixel matrix for a detector of objects; see ``ImageToPixels/matrix(of:)``. Empty where none was asked for.
    package var pixels: [Float] = []
    /// Size of the stored picture.
    package var size: ImageSize
    /// What is missing of the picture; see ``Picture/damage``.
    package var damage: ImageError?

    /// A picture from its parts.
    package init(patches: [Float], size: ImageSize, damage: ImageError? = nil) {
        self.patches = patches
        self.size = size
        self.damage = damage
    }
}

extension ImageToPatches {
    /// The patches of a picture that `open` decodes with at least as many pixels a side as they are made of.
    package func load<Failure: Error>(
        _ open: (_ side: Int) throws(Failure) -> Picture
    ) throws(Failure) -> LoadedPicture {
        let picture = try open(leastSide)
        var loaded = LoadedPicture(patches: matrix(of: picture), size: picture.storedSize, damage: picture.damage)
        loaded.pixels = pixels?.matrix(of: picture) ?? []
        return loaded
    }

    /// Opens, decodes and prepares one picture, unless the deadline passes before.
    package func load(
        _ path: String, from source: PictureSource, deadline: Deadline = .never
    ) throws(ImageError) -> LoadedPicture {
        try source.patches(of: path, self, deadline: deadline)
    }
}
