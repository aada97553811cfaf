import Geometry

/// Red, green and blue, 0…255 each.
struct Colour: Sendable, Equatable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

    /// The same, so much of white or of black mixed in: −1 is black, 1 white.
    func mixed(_ amount: Float) -> Colour {
        let other: Float = amount < 0 ? 0 : 255
        func mix(_ value: UInt8) -> UInt8 {
            let value = Float(value)
            return UInt8(min(max(value + (other - value) * abs(amount), 0), 255))
        }
        return Colour(mix(red), mix(green), mix(blue))
    }
}

/// A rectangle of whole pixels.
struct PixelRect: Sendable, Equatable {
    var x: Range<Int>
    var y: Range<Int>

    /// Pixels that two have in common.
    func common(_ other: PixelRect) -> Int { x.clamped(to: other.x).count * y.clamped(to: other.y).count }

    /// The same relative to a square picture.
    func relative(side: Int) -> RelativeBox {
        let scale = 1 / Float(side)
        return RelativeBox(
            x1: Float(x.lowerBound) * scale, y1: Float(y.lowerBound) * scale, x2: Float(x.upperBound) * scale,
            y2: Float(y.upperBound) * scale)
    }
}

/// A square picture in the making.
struct Canvas: Sendable {
    let side: Int
    /// `side × side × 3` bytes, row by row.
    private(set) var pixels: [UInt8]

    init(side: Int, _ colour: Colour) {
        self.side = side
        pixels = Array(repeating: colour.red, count: 3 * side * side)
        for start in stride(from: 0, to: pixels.count, by: 3) {
            (pixels[start + 1], pixels[start + 2]) = (colour.green, colour.blue)
        }
    }

    /// Paints what a look is in a rectangle; returns the rectangle of what was painted, `nil` for nothing.
    mutating func paint(_ look: DrawnLook, in place: PixelRect) -> PixelRect? {
        let (dark, light) = (look.colour.mixed(-0.55), look.colour)
        var columns: Range<Int>?
        var rows: Range<Int>?
        for row in place.y {
            let v = Self.across(row, place.y)
            for column in place.x {
                let u = Self.across(column, place.x)
                guard look.outline.contains(u, v) else { continue }
                let colour = look.texture.isDark(u, v) ? dark : light
                let start = 3 * (row * side + column)
                (pixels[start], pixels[start + 1], pixels[start + 2]) = (colour.red, colour.green, colour.blue)
                columns = Self.hull(columns, column)
                rows = Self.hull(rows, row)
            }
        }
        guard let columns, let rows else { return nil }
        return PixelRect(x: columns, y: rows)
    }

    /// Where the middle of a pixel lies in a range, −1…1.
    private static func across(_ pixel: Int, _ range: Range<Int>) -> Float {
        (Float(pixel - range.lowerBound) + 0.5) / Float(range.count) * 2 - 1
    }

    private static func hull(_ range: Range<Int>?, _ value: Int) -> Range<Int> {
        guard let range else { return value..<value + 1 }
        return min(range.lowerBound, value)..<max(range.upperBound, value + 1)
    }
}
