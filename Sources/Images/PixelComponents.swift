import Geometry

/// Pixels that hang together by their sides.
enum PixelComponents {
    /// Leaves out what is small beside the largest part, and fills what is enclosed.
    static func tidy(_ isInside: inout [Bool], width: Int, height: Int) {
        let parts = ConnectedComponents.find(in: isInside, width: width, height: height)
        let largest = parts.map(\.count).max() ?? 0
        for part in parts where part.count * 5 < largest {
            for place in part { isInside[place] = false }
        }
        for hole in ConnectedComponents.find(in: isInside.map { !$0 }, width: width, height: height) {
            let reachesEdge = hole.contains { place in
                let (x, y) = (place % width, place / width)
                return x == 0 || y == 0 || x == width - 1 || y == height - 1
            }
            if !reachesEdge { for place in hole { isInside[place] = true } }
        }
    }

    /// Outlines of the parts, each by its corners.
    static func outlines(of isInside: [Bool], width: Int, height: Int) -> [[SIMD2<Float>]] {
        ConnectedComponents.find(in: isInside, width: width, height: height).map { part in
            Outline(part, width: width, height: height).simplified.map { SIMD2(Float($0.x), Float($0.y)) }
        }
    }
}
