/// Size of the stored picture in pixels, after its EXIF orientation has been applied.
package struct ImageSize: Sendable, Equatable {
    /// Pixels across.
    package var width: Int
    /// Pixels down.
    package var height: Int

    /// A size from its parts.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
