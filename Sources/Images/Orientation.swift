import Geometry

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

    /// Turns a picture upright.
    func applied(to stored: Picture) -> Picture {
        if self == .upright { return stored }
        let width = stored.width
        let height = stored.height
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
        let swapsSides = rawValue >= Self.transposed.rawValue
        let columns = swapsSides ? stored.rows : stored.columns
        let rows = swapsSides ? stored.columns : stored.rows
        let turnedWidth = swapsSides ? height : width
        let turnedHeight = swapsSides ? width : height
        // A negative step means that the axis runs backwards.
        return Picture(
            width: turnedWidth, height: turnedHeight,
            storedSize: swapsSides
                ? ImageSize(width: stored.storedSize.height, height: stored.storedSize.width) : stored.storedSize,
            pixels: Self.gather(
                stored.pixels, origin: origin, right: right, down: down, width: turnedWidth, height: turnedHeight),
            columns: right < 0 ? Self.reversed(columns, in: turnedWidth) : columns,
            rows: down < 0 ? Self.reversed(rows, in: turnedHeight) : rows)
    }

    private static func reversed(_ covered: Range<Double>, in side: Int) -> Range<Double> {
        (Double(side) - covered.upperBound)..<(Double(side) - covered.lowerBound)
    }

    private static func gather(
        _ pixels: [UInt8], origin: Int, right: Int, down: Int, width: Int, height: Int
    ) -> [UInt8] {
        var turned = [UInt8]()
        turned.reserveCapacity(pixels.count)
        for y in 0..<height {
            var source = (origin + y * down) * 3
            for _ in 0..<width {
                turned.append(pixels[source])
                turned.append(pixels[source + 1])
                turned.append(pixels[source + 2])
                source += right * 3
            }
        }
        return turned
    }
}
