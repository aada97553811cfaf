import Model
import Images
import Randomness
import Geometry

/// A picture, or another way to show it: training varies how pictures are framed, so that things stand elsewhere and are
/// of other sizes than in the whole.
struct PictureView: Sendable, Hashable {
    /// Name of the picture.
    var image: String
    /// How it is shown; `nil`: as it is.
    var framing: Framing?

    /// Another way to show a picture.
    enum Framing: Sendable, Hashable {
        /// A part of it.
        case part(PicturePart)
        /// The picture beside others that show nothing of what is said of it.
        case collage(Collage)

        /// Where a box of the picture lies in what is shown; `nil` where most of it is not.
        func box(_ box: RelativeBox) -> RelativeBox? {
            switch self {
            case .part(let part): part.box(box)
            case .collage(let collage): collage.box(box)
            }
        }
    }

    /// What a cache calls it.
    var name: String {
        switch framing {
        case nil: image
        case .part(let part):
            "\(image) \([part.columns.lowerBound, part.rows.lowerBound, part.columns.upperBound, part.rows.upperBound])"
        case .collage(let collage): "\(image) \([collage.columns, collage.rows, collage.place]) \(collage.others)"
        }
    }

    /// The pixels.
    ///
    /// - Parameters:
    ///   - side: What is shown is at least as wide and high, where the pictures are.
    ///   - open: Opens a picture by its name, at least that wide and high.
    func picture<Failure: Error>(
        atLeast side: Int, open: (String, Int) throws(Failure) -> Picture
    ) throws(Failure) -> Picture {
        switch framing {
        case nil: return try open(image, side)
        case .part(let part): return part.cut(try open(image, 2 * side))
        case .collage(let collage):
            var pictures = try collage.others.map { other throws(Failure) in try open(other, side) }
            pictures.insert(try open(image, side), at: collage.place)
            return collage.arrange(pictures, side: side)
        }
    }
}

/// A rectangle in thousandths of a picture's sides.
struct PicturePart: Sendable, Hashable {
    var columns: Range<Int>
    var rows: Range<Int>

    /// A part by chance: six to nine and a half tenths of either side, a little out of proportion.
    static func random(using random: inout SeededGenerator) -> PicturePart {
        let size = 0.6 + 0.35 * random.uniform()
        func side(_ random: inout SeededGenerator) -> Range<Int> {
            let length = Int(1000 * min(1, size * (0.9 + 0.2 * random.uniform())))
            let start = Int(Float(1000 - length) * random.uniform())
            return start..<start + length
        }
        return PicturePart(columns: side(&random), rows: side(&random))
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

/// A picture among others, side by side as feeds show several: what it shows becomes small, and the others are in the
/// way.
struct Collage: Sendable, Hashable {
    /// Cells across, 1 or 2.
    var columns: Int
    /// Cells down, 1 or 2.
    var rows: Int
    /// The picture's own cell, row by row.
    var place: Int
    /// Names of the pictures in the other cells.
    var others: [String]

    /// A collage by chance; `nil` where there are too few others.
    static func random(others: [String], using random: inout SeededGenerator) -> Collage? {
        let shapes = [(2, 1), (1, 2), (2, 2)].filter { $0.0 * $0.1 <= others.count + 1 }
        guard let (columns, rows) = shapes.randomElement(using: &random) else { return nil }
        return Collage(
            columns: columns, rows: rows, place: Int.random(in: 0..<columns * rows, using: &random),
            others: Array(others.prefix(columns * rows - 1)))
    }

    /// Where a box of the picture lies in the collage.
    func box(_ box: RelativeBox) -> RelativeBox {
        let (x, y) = (Float(place % columns), Float(place / columns))
        return RelativeBox(
            x1: (x + box.x1) / Float(columns), y1: (y + box.y1) / Float(rows),
            x2: (x + box.x2) / Float(columns), y2: (y + box.y2) / Float(rows))
    }

    /// One picture out of those of all cells, each made `side × side` by taking the nearest pixels.
    func arrange(_ pictures: [Picture], side: Int) -> Picture {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * side * side * columns * rows)
        for y in 0..<rows * side {
            for column in 0..<columns {
                let picture = pictures[y / side * columns + column]
                let row = y % side * picture.height / side * picture.width
                for x in 0..<side {
                    let pixel = 3 * (row + x * picture.width / side)
                    pixels += picture.pixels[pixel..<pixel + 3]
                }
            }
        }
        return Picture(width: columns * side, height: rows * side, pixels: pixels)
    }
}
