/// A colour of a pixel.
package struct Colour: Sendable, Equatable {
    /// Red, 0…255.
    package let red: UInt8
    /// Green, 0…255.
    package let green: UInt8
    /// Blue, 0…255.
    package let blue: UInt8

    /// A colour from its parts.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

extension Picture {
    /// Draws the edges of a box, as far as it lies in the picture. Edges are in pixels of this picture; a box whose
    /// edges are not finite or not in order draws nothing.
    package mutating func outline(x1: Double, y1: Double, x2: Double, y2: Double, _ colour: Colour, thickness: Int) {
        guard [x1, y1, x2, y2].allSatisfy(\.isFinite), x1 <= x2, y1 <= y2, thickness > 0 else { return }
        let left = Self.pixel(x1, in: width)
        let right = Self.pixel(x2, in: width)
        let top = Self.pixel(y1, in: height)
        let bottom = Self.pixel(y2, in: height)
        guard left < right, top < bottom else { return }
        let across = min(thickness, right - left)
        let down = min(thickness, bottom - top)
        fill(left..<right, top..<(top + down), colour)
        fill(left..<right, (bottom - down)..<bottom, colour)
        fill(left..<(left + across), top..<bottom, colour)
        fill((right - across)..<right, top..<bottom, colour)
    }

    private static func pixel(_ edge: Double, in side: Int) -> Int {
        // In this order NaN comes to 0.
        Int(max(0, min(edge.rounded(), Double(side))))
    }

    private mutating func fill(_ columns: Range<Int>, _ rows: Range<Int>, _ colour: Colour) {
        for y in rows {
            for x in columns {
                let at = (y * width + x) * 3
                pixels[at] = colour.red
                pixels[at + 1] = colour.green
                pixels[at + 2] = colour.blue
            }
        }
    }
}
