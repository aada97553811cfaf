/// The way around the pixels of one part, along their edges, with the part to the right.
struct Outline {
    /// Corners of pixels where the way turns.
    let corners: [(x: Int, y: Int)]

    init(_ part: [Int], width: Int, height: Int) {
        var isInside = [Bool](repeating: false, count: width * height)
        for place in part { isInside[place] = true }
        func inside(_ x: Int, _ y: Int) -> Bool {
            x >= 0 && y >= 0 && x < width && y < height && isInside[y * width + x]
        }
        // The first pixel row by row has nothing above it and nothing to its left: its upper edge is of the outline.
        let start = part.min() ?? 0
        let (firstX, firstY) = (start % width, start / width)
        var (x, y, turn) = (firstX, firstY, 0)
        var corners: [(x: Int, y: Int)] = []
        // Right, down, left, up; the pixels ahead of a corner on its left and right for each way.
        let steps = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        let ahead = [((0, -1), (0, 0)), ((0, 0), (-1, 0)), ((-1, 0), (-1, -1)), ((-1, -1), (0, -1))]
        repeat {
            let (left, right) = ahead[turn]
            // Where two pixels meet in a corner alone, they are not of one part: to the right first.
            if !inside(x + right.0, y + right.1) {
                corners.append((x, y))
                turn = (turn + 1) % 4
            } else if inside(x + left.0, y + left.1) {
                corners.append((x, y))
                turn = (turn + 3) % 4
            }
            (x, y) = (x + steps[turn].0, y + steps[turn].1)
        } while (x, y) != (firstX, firstY) || turn != 3
        corners.append((firstX, firstY))
        self.corners = corners
    }

    /// The same with fewer corners, none of those that are left out further than a pixel from the way (Ramer 1972, Douglas &
    /// Peucker 1973).
    var simplified: [(x: Int, y: Int)] {
        guard let first = corners.last else { return [] }
        // The way is closed: it is cut where it begins, and where it is furthest from there.
        let way = [first] + corners
        let far = way.indices.max { Self.square(way[$0], first) < Self.square(way[$1], first) } ?? 0
        var isKept = [Bool](repeating: false, count: way.count)
        isKept[far] = true
        var open = [(0, far), (far, way.count - 1)]
        while let (start, end) = open.popLast() {
            guard end - start > 1 else { continue }
            let worst = (start + 1..<end).max {
                Self.distance(way[$0], way[start], way[end]) < Self.distance(way[$1], way[start], way[end])
            }
            guard let worst, Self.distance(way[worst], way[start], way[end]) > 1 else { continue }
            isKept[worst] = true
            open += [(start, worst), (worst, end)]
        }
        isKept[way.count - 1] = true
        let kept = way.indices.filter { isKept[$0] }.map { way[$0] }
        // What is no wider than a pixel would be nothing.
        return kept.count < 4 ? corners : kept
    }

    private static func square(_ one: (x: Int, y: Int), _ other: (x: Int, y: Int)) -> Int {
        let (across, down) = (one.x - other.x, one.y - other.y)
        return across * across + down * down
    }

    /// How far a point is from the line through two others; from them, where they are one.
    private static func distance(_ point: (x: Int, y: Int), _ start: (x: Int, y: Int), _ end: (x: Int, y: Int))
        -> Double
    {
        let length = Double(square(start, end)).squareRoot()
        guard length > 0 else { return Double(square(point, start)).squareRoot() }
        let cross = (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)
        return Double(abs(cross)) / length
    }
}
