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

    /// Whether width and height change places.
    var swapsSides: Bool { rawValue >= Orientation.transposed.rawValue }

    /// Turns `height × width` RGB pixels upright. The result is `width × height` where ``swapsSides``.
    func applied(to pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        if self == .upright { return pixels }
        // Pixel (x, y) of the result is pixel `origin + x * right + y * down` of the source.
        let (origin, right, down) =
            switch self {
            case .upright: (0, 1, width)
            case .mirrored: (width - 1, -1, width)
            case .halfTurn: (width * height - 1, -1, -width)
            case .flipped: ((height - 1) * width, 1, -width)
            case .transposed: (0, width, 1)
            case .quarterTurnRight: ((height - 1) * width, -width, 1)
            case .transversed: (width * height - 1, -width, -1)
            case .quarterTurnLeft: (width - 1, width, -1)
            }
        let columns = swapsSides ? height : width
        let rows = swapsSides ? width : height
        var turned = [UInt8]()
        turned.reserveCapacity(pixels.count)
        for y in 0..<rows {
            var source = (origin + y * down) * 3
            for _ in 0..<columns {
                turned.append(pixels[source])
                turned.append(pixels[source + 1])
                turned.append(pixels[source + 2])
                source += right * 3
            }
        }
        return turned
    }
}
