import Foundation
import Geometry

/// Boxes that a detector starts from: at each place of each map a few of different sizes, which its offsets move and stretch
/// (Liu et al. 2016, section 2.2, with the sizes of TensorFlow's object detection API).
enum PriorBoxes {
    /// Sides of the boxes at a place, as shares of the picture's.
    struct Size: Equatable {
        let width: Float
        let height: Float

        /// A box of an area's square root and of a ratio of width to height.
        init(_ scale: Float, ratio: Float) {
            (width, height) = (scale * ratio.squareRoot(), scale / ratio.squareRoot())
        }
    }

    /// Scales of the six maps, evenly from 0.2 to 0.95, and one behind.
    private static let scales: [Float] = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1]

    /// Sizes of the boxes of a map: fewer in the finest. The last ratio is as the networks were trained with it.
    static func sizes(ofMap map: Int) -> [Size] {
        if map == 0 { return [Size(0.1, ratio: 1), Size(scales[0], ratio: 2), Size(scales[0], ratio: 0.5)] }
        return [1, 2, 0.5, 3, 0.333].map { Size(scales[map], ratio: $0) }
            + [Size((scales[map] * scales[map + 1]).squareRoot(), ratio: 1)]
    }

    /// The box at a place of a map of `side × side`, moved and stretched by four offsets: of its centre, down and across, and
    /// of the logarithms of its sides, in tenths and fifths of the box.
    static func box(_ size: Size, place: Int, side: Int, offsets: ArraySlice<Float>) -> RelativeBox {
        let offsets = Array(offsets)
        let x = (Float(place % side) + 0.5) / Float(side) + offsets[1] / 10 * size.width
        let y = (Float(place / side) + 0.5) / Float(side) + offsets[0] / 10 * size.height
        let (width, height) = (size.width * exp(offsets[3] / 5), size.height * exp(offsets[2] / 5))
        return RelativeBox(x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2)
    }
}
