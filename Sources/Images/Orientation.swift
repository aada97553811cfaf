/// How a camera was held, as EXIF tag 0x0112 tells it (TIFF 6.0 section 8, "Orientation"): which way the stored rows
/// and columns have to be turned for the picture to stand upright.
enum Orientation: Int {
    case upright = 1
    case mirrored
    case halfTurn
    case flipped
    case transposed
    case quarterTurnRight
    case transversed
    case quarterTurnLeft

    /// Where stored pixels lie in the upright picture: pixel (x, y) becomes pixel `origin + x * right + y * down`.
    struct Steps {
        let origin: Int
        let right: Int
        let down: Int
    }

    /// Whether width and height of the upright picture are height and width of the stored one.
    var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// Whether what is first in the upright picture's rows was last.
    var reversesColumns: Bool { [.mirrored, .halfTurn, .quarterTurnRight, .transversed].contains(self) }

    /// Whether the upright picture's first row was last.
    var reversesRows: Bool { [.halfTurn, .flipped, .transversed, .quarterTurnLeft].contains(self) }

    /// Where the pixels of a stored picture of this size go.
    func steps(width: Int, height: Int) -> Steps {
        switch self {
        case .upright: Steps(origin: 0, right: 1, down: width)
        case .mirrored: Steps(origin: width - 1, right: -1, down: width)
        case .halfTurn: Steps(origin: width * height - 1, right: -1, down: -width)
        case .flipped: Steps(origin: (height - 1) * width, right: 1, down: -width)
        case .transposed: Steps(origin: 0, right: height, down: 1)
        case .quarterTurnRight: Steps(origin: height - 1, right: height, down: -1)
        case .transversed: Steps(origin: width * height - 1, right: -height, down: -1)
        case .quarterTurnLeft: Steps(origin: (width - 1) * height, right: -height, down: 1)
        }
    }

    /// Turns a square of `side * side` pixels upright.
    func turned<Pixel>(_ pixels: [Pixel], side: Int) -> [Pixel] {
        if self == .upright { return pixels }
        let steps = steps(width: side, height: side)
        var turned = pixels
        for y in 0..<side {
            for x in 0..<side { turned[steps.origin + x * steps.right + y * steps.down] = pixels[y * side + x] }
        }
        return turned
    }
}
