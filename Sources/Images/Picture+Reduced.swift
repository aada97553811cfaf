extension Picture {
    /// The picture made smaller, so that neither side is longer than `side`: each pixel is the mean of those that it stands
    /// for. One that fits is returned as it is.
    package func reduced(toFit side: Int) -> Picture {
        let longest = max(width, height)
        guard side > 0, longest > side else { return self }
        let across = Self.spans(of: width, in: max(1, width * side / longest))
        let down = Self.spans(of: height, in: max(1, height * side / longest))
        var reduced: [UInt8] = []
        reduced.reserveCapacity(across.count * down.count * 3)
        for rows in down {
            for columns in across {
                let mean = mean(columns, rows)
                for channel in 0..<3 { reduced.append(UInt8(mean[channel])) }
            }
        }
        return Picture(
            width: across.count, height: down.count, storedSize: storedSize, pixels: reduced,
            columns: 0..<Double(across.count), rows: 0..<Double(down.count))
    }

    /// Red, green and blue of the mean of some pixels.
    private func mean(_ columns: Range<Int>, _ rows: Range<Int>) -> SIMD3<Int> {
        var sum = SIMD3<Int>()
        for y in rows {
            for x in columns {
                let at = (y * width + x) * 3
                sum &+= SIMD3(Int(pixels[at]), Int(pixels[at + 1]), Int(pixels[at + 2]))
            }
        }
        let count = columns.count * rows.count
        return (sum &+ count / 2) / count
    }

    /// A side cut into as many parts as it is to have pixels; none is empty, for there are not more.
    private static func spans(of side: Int, in count: Int) -> [Range<Int>] {
        (0..<count).map { $0 * side / count..<($0 + 1) * side / count }
    }
}
