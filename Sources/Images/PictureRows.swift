import Geometry

/// Collects rows to a picture that stands upright.
final class PictureRows: RowReceiver {
    private let shape: DecodedShape
    private let steps: Orientation.Steps
    private var pixels: [UInt8]
    private var row = 0

    init(_ shape: DecodedShape) {
        self.shape = shape
        steps = shape.orientation.steps(width: shape.width, height: shape.height)
        pixels = [UInt8](repeating: 0, count: shape.width * shape.height * 3)
    }

    func take(_ row: Span<UInt8>) {
        var target = (steps.origin + self.row * steps.down) * 3
        for x in 0..<shape.width {
            pixels[target] = row[x * 3]
            pixels[target + 1] = row[x * 3 + 1]
            pixels[target + 2] = row[x * 3 + 2]
            target += steps.right * 3
        }
        self.row += 1
    }

    /// The picture, once all rows were taken.
    func picture() -> Picture {
        let orientation = shape.orientation
        let (across, down) = orientation.swapsSides ? (shape.rows, shape.columns) : (shape.columns, shape.rows)
        let width = orientation.swapsSides ? shape.height : shape.width
        let height = orientation.swapsSides ? shape.width : shape.height
        return Picture(
            width: width, height: height, storedSize: shape.uprightSize, pixels: pixels,
            columns: orientation.reversesColumns ? Self.reversed(across, in: width) : across,
            rows: orientation.reversesRows ? Self.reversed(down, in: height) : down)
    }

    private static func reversed(_ covered: Range<Double>, in side: Int) -> Range<Double> {
        (Double(side) - covered.upperBound)..<(Double(side) - covered.lowerBound)
    }
}

/// The whole picture, as it was decoded.
struct WholePicture: RowDestination {
    func cost(of shape: DecodedShape) -> DecodingCost {
        DecodingCost(work: shape.width * shape.height * 2, memory: shape.width * shape.height * 3)
    }

    func receiver(of shape: DecodedShape) -> PictureRows { PictureRows(shape) }
}
