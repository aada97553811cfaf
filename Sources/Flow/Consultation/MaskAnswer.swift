import Geometry
import JSON

extension Mask {
    /// A mask of a whole picture as answers of the filter have it, `{"size":[height,width],"counts":[…]}`, without the pixels that
    /// lie outside of a box; `nil` where it is none of a picture of this size, or has nothing in the box.
    init?(answer: JSONValue, of picture: ImageSize, in box: PixelBox) {
        guard answer["size"]?.elements?.map(\.integer) == [picture.height, picture.width],
            let elements = answer["counts"]?.elements, case let counts = elements.compactMap(\.integer),
            counts.count == elements.count, let mask = Mask(picture: picture, counts: counts)
        else { return nil }
        let inside = mask.inside(box)
        guard !inside.runs.isEmpty else { return nil }
        self = inside
    }

    /// The pixels of it that a box touches.
    func inside(_ box: PixelBox) -> Mask {
        func touched(_ low: Float, _ high: Float, of length: Int) -> Range<Int> {
            Int(low.rounded(.down), within: 0...length)..<Int(high.rounded(.up), within: 0...length)
        }
        let columns = touched(box.x1, box.x2, of: picture.width)
        let rows = touched(box.y1, box.y2, of: picture.height)
        var cut: [Range<Int>] = []
        for run in runs {
            let across = run.lowerBound / picture.height..<(run.upperBound - 1) / picture.height + 1
            for column in across.clamped(to: columns) {
                let start = column * picture.height
                cut.append(run.clamped(to: start + rows.lowerBound..<start + rows.upperBound))
            }
        }
        return Mask(picture: picture, runs: cut) ?? self
    }
}
