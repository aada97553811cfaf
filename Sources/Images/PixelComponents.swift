/// Pixels that hang together by their sides.
enum PixelComponents {
    /// Leaves out what is small beside the largest part, and fills what is enclosed.
    static func tidy(_ isInside: inout [Bool], width: Int, height: Int) {
        let parts = components(of: isInside, width: width, height: height)
        let largest = parts.map(\.count).max() ?? 0
        for part in parts where part.count * 5 < largest {
            for place in part { isInside[place] = false }
        }
        for hole in components(of: isInside.map { !$0 }, width: width, height: height) {
            let reachesEdge = hole.contains { place in
                let (x, y) = (place % width, place / width)
                return x == 0 || y == 0 || x == width - 1 || y == height - 1
            }
            if !reachesEdge { for place in hole { isInside[place] = true } }
        }
    }

    /// Outlines of the parts, each by its corners.
    static func outlines(of isInside: [Bool], width: Int, height: Int) -> [[SIMD2<Float>]] {
        components(of: isInside, width: width, height: height).map { part in
            Outline(part, width: width, height: height).simplified.map { SIMD2(Float($0.x), Float($0.y)) }
        }
    }

    /// The parts, each by its pixels.
    static func components(of isInside: [Bool], width: Int, height: Int) -> [[Int]] {
        var isSeen = isInside.map { !$0 }
        var parts: [[Int]] = []
        for start in isInside.indices where !isSeen[start] {
            var part = [start]
            isSeen[start] = true
            var next = 0
            while next < part.count {
                let (x, y) = (part[next] % width, part[next] / width)
                for (across, down) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
                where across >= 0 && across < width && down >= 0 && down < height {
                    let place = down * width + across
                    if !isSeen[place] {
                        isSeen[place] = true
                        part.append(place)
                    }
                }
                next += 1
            }
            parts.append(part)
        }
        return parts
    }
}
