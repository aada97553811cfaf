import Grounding
import Images

/// A picture, or a part of one: training shows parts too, so that things stand elsewhere and are of other sizes than in
/// the whole.
struct PictureView: Sendable, Hashable {
    /// Name of the picture.
    var image: String
    /// The part, in thousandths of the picture; `nil` for all of it.
    var part: Part?

    /// A rectangle in thousandths of a picture's sides.
    struct Part: Sendable, Hashable {
        var columns: Range<Int>
        var rows: Range<Int>

        /// A part by chance: six to nine and a half tenths of either side, a little out of proportion.
        static func random(using random: inout SeededGenerator) -> Part {
            let size = 0.6 + 0.35 * random.uniform()
            func side(_ random: inout SeededGenerator) -> Range<Int> {
                let length = Int(1000 * min(1, size * (0.9 + 0.2 * random.uniform())))
                let start = Int(Float(1000 - length) * random.uniform())
                return start..<start + length
            }
            return Part(columns: side(&random), rows: side(&random))
        }

        /// Where a box lies in the part; `nil` where less than half of it does.
        func box(_ box: RelativeBox) -> RelativeBox? {
            func clip(_ low: Float, _ high: Float, _ range: Range<Int>) -> (Float, Float) {
                let (start, length) = (Float(range.lowerBound) / 1000, Float(range.count) / 1000)
                return (min(max((low - start) / length, 0), 1), min(max((high - start) / length, 0), 1))
            }
            let (x1, x2) = clip(box.x1, box.x2, columns)
            let (y1, y2) = clip(box.y1, box.y2, rows)
            let inside = RelativeBox(x1: x1, y1: y1, x2: x2, y2: y2)
            let share = inside.area * Float(columns.count * rows.count) / 1e6
            return box.area > 0 && share >= box.area / 2 ? inside : nil
        }

        /// The pixels of the part.
        func cut(_ picture: Picture) -> Picture {
            let x = columns.lowerBound * picture.width / 1000..<max(1, columns.upperBound * picture.width / 1000)
            let y = rows.lowerBound * picture.height / 1000..<max(1, rows.upperBound * picture.height / 1000)
            guard !x.isEmpty, !y.isEmpty else { return picture }
            let pixels = y.flatMap { row in
                picture.pixels[3 * (row * picture.width + x.lowerBound)..<3 * (row * picture.width + x.upperBound)]
            }
            return Picture(width: x.count, height: y.count, pixels: pixels)
        }
    }

    /// What a cache calls it.
    var name: String {
        guard let part else { return image }
        let edges = [part.columns.lowerBound, part.rows.lowerBound, part.columns.upperBound, part.rows.upperBound]
        return "\(image) \(edges)"
    }
}
