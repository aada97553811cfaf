import Geometry
import JSON

/// In what form answers have the pixels of what they show.
package enum MaskForm: String, Sendable, CaseIterable {
    /// COCO's run lengths, not compressed: `{"size":[height,width],"counts":[…]}`.
    case rle
    /// COCO's polygons: a list for each part, `[[x,y,x,y,…],…]`, in pixels.
    case polygon
}

extension AnswerWriter {
    /// Writes pixels, or `null`.
    func write(_ mask: CutMask?, _ output: inout [UInt8]) {
        switch mask {
        case nil: output.appendLiteral("null")
        case .runs(let mask):
            output.appendLiteral("{\"size\":[")
            output.appendInteger(mask.picture.height)
            output.appendLiteral(",")
            output.appendInteger(mask.picture.width)
            output.appendLiteral("],\"counts\":[")
            for (index, count) in mask.counts.enumerated() {
                if index > 0 { output.appendLiteral(",") }
                output.appendInteger(count)
            }
            output.appendLiteral("]}")
        case .outlines(let outlines):
            output.appendLiteral("[")
            for (index, polygon) in outlines.enumerated() {
                output.appendLiteral(index == 0 ? "[" : ",[")
                for (index, corner) in polygon.enumerated() {
                    if index > 0 { output.appendLiteral(",") }
                    output.appendNumber(corner.x, decimals: 1)
                    output.appendLiteral(",")
                    output.appendNumber(corner.y, decimals: 1)
                }
                output.appendLiteral("]")
            }
            output.appendLiteral("]")
        }
    }
}
