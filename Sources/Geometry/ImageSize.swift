/// Size of the stored picture in pixels, after its EXIF orientation has been applied.
package struct ImageSize: Sendable, Equatable {
    /// Pixels across.
    package var width: Int
    /// Pixels down.
    package var height: Int

    /// What a side may be that a file names: boxes can tell each pixel of so many apart, and nothing that is computed of
    /// them is too large.
    package static let sides = 1...1 << 24

    /// A size from its parts.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// A size that a file names; `nil` where a side is missing, or out of ``sides``.
    package init?(namedWidth width: Int?, height: Int?) {
        guard let width, let height, Self.sides.contains(width), Self.sides.contains(height) else { return nil }
        self.init(width: width, height: height)
    }
}
