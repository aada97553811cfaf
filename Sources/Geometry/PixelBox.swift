/// A rectangle in pixels of the stored picture, after its EXIF orientation has been applied.
package struct PixelBox: Sendable, Equatable {
    /// Left edge.
    package var x1: Float
    /// Top edge.
    package var y1: Float
    /// Right edge.
    package var x2: Float
    /// Bottom edge.
    package var y2: Float

    /// A box from its edges.
    package init(x1: Float, y1: Float, x2: Float, y2: Float) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    /// A box whose edges are given as shares of a picture's sides, kept inside it.
    package init(_ shares: RelativeBox, of image: ImageSize) {
        let (width, height) = (Float(image.width), Float(image.height))
        self.init(
            x1: min(max(0, shares.x1 * width), width), y1: min(max(0, shares.y1 * height), height),
            x2: min(max(0, shares.x2 * width), width), y2: min(max(0, shares.y2 * height), height))
    }
}

extension PixelBox {
    /// The box with its corners in order: upper left first.
    package var ordered: PixelBox {
        PixelBox(x1: min(x1, x2), y1: min(y1, y2), x2: max(x1, x2), y2: max(y1, y2))
    }

    /// Whether all edges are 0: what some data sets write where there is nothing to see.
    package var isNothing: Bool { x1 == 0 && y1 == 0 && x2 == 0 && y2 == 0 }

    /// Area in square pixels, of real-valued edges: no pixel is added.
    package var area: Double { (Double(x2) - Double(x1)) * (Double(y2) - Double(y1)) }

    /// Intersection over union of two boxes, 0…1; corners may come in any order (Yu et al. 2023).
    package func intersectionOverUnion(_ other: PixelBox) -> Double {
        let (a, b) = (ordered, other.ordered)
        let width = Double(min(a.x2, b.x2)) - Double(max(a.x1, b.x1))
        let height = Double(min(a.y2, b.y2)) - Double(max(a.y1, b.y1))
        guard width > 0, height > 0 else { return 0 }
        let common = width * height
        return common / (a.area + b.area - common)
    }

    /// Why the box cannot be one of a picture of this size, or `nil` where it can.
    package func fault(in picture: ImageSize?) -> String? {
        let edges = "\(x1),\(y1),\(x2),\(y2)"
        guard [x1, y1, x2, y2].allSatisfy(\.isFinite) else { return "box \(edges) is not finite" }
        guard ordered.area > 0 else { return "box \(edges) is empty" }
        guard let picture else { return nil }
        let inside =
            ordered.x1 >= 0 && ordered.y1 >= 0 && ordered.x2 <= Float(picture.width)
            && ordered.y2 <= Float(picture.height)
        return inside ? nil : "box \(edges) leaves its picture of \(picture.width)×\(picture.height)"
    }
}
