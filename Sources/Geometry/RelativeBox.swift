/// A box in relative coordinates of the picture, each 0…1.
package struct RelativeBox: Sendable, Equatable {
    /// Left edge.
    package var x1: Float
    /// Upper edge.
    package var y1: Float
    /// Right edge, not left of `x1`.
    package var x2: Float
    /// Lower edge, not above `y1`.
    package var y2: Float

    /// A box by its corners.
    package init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }
}

extension RelativeBox {
    /// The whole picture.
    package static let whole = RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)

    /// Share of the picture that it covers.
    package var area: Float { (x2 - x1) * (y2 - y1) }
    /// Its middle, from left to right.
    package var centre: Float { (x1 + x2) / 2 }

    /// Intersection over union.
    package func overlap(_ other: RelativeBox) -> Float {
        let width = min(x2, other.x2) - max(x1, other.x1)
        let height = min(y2, other.y2) - max(y1, other.y1)
        guard width > 0, height > 0 else { return 0 }
        let common = width * height
        return common / (area + other.area - common)
    }

    /// The patch of a `grid × grid` picture that the box's centre lies in.
    package func centrePatch(grid: Int) -> Int {
        func step(_ low: Float, _ high: Float) -> Int { Int((low + high) / 2 * Float(grid), within: 0...grid - 1) }
        return step(y1, y2) * grid + step(x1, x2)
    }

    /// Share of each patch of a `grid × grid` picture that the box covers, row by row.
    package func coverage(grid: Int) -> [Float] {
        func shares(_ low: Float, _ high: Float) -> [Float] {
            (0..<grid).map { place in
                max(0, min(high * Float(grid), Float(place + 1)) - max(low * Float(grid), Float(place)))
            }
        }
        let across = shares(x1, x2)
        return shares(y1, y2).flatMap { y in across.map { $0 * y } }
    }

    /// How near a place of the picture is to the box's middle: 1 there, about one half in the middle of an edge, less outside.
    package func nearness(x: Float, y: Float) -> Float {
        // What has no width is a point.
        func steps(_ place: Float, _ low: Float, _ high: Float) -> Float {
            (place - (low + high) / 2) / max(0.55 * (high - low), 1e-6)
        }
        let (across, down) = (steps(x, x1, x2), steps(y, y1, y2))
        return 1 / (1 + across * across + down * down)
    }

    /// The box in the mirrored picture.
    package var mirrored: RelativeBox { RelativeBox(x1: 1 - x2, y1: y1, x2: 1 - x1, y2: y2) }

    /// A box in pixels as shares of a picture's sides, cut at its edges: of no area where it lies outside.
    package init(_ box: PixelBox, of size: ImageSize) {
        func share(_ edge: Float, _ length: Int) -> Float { min(max(edge / Float(length), 0), 1) }
        self.init(
            x1: share(box.x1, size.width), y1: share(box.y1, size.height), x2: share(box.x2, size.width),
            y2: share(box.y2, size.height))
    }
}
