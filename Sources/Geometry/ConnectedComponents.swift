/// Cells of a grid, pixels or patches, that hang together by their sides.
package enum ConnectedComponents {
    /// The components, in the order of their first cells, each by its cells' places.
    ///
    /// - Parameter isInside: `width × height` cells, row by row: whether each counts.
    package static func find(in isInside: [Bool], width: Int, height: Int) -> [[Int]] {
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
