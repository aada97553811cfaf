/// A set of pixels of a picture, as runs down its columns (the order of COCO's run-length encoding).
package struct Mask: Sendable, Equatable {
    /// The size of the picture.
    package let picture: ImageSize
    /// Runs of pixels, numbered `x · height + y`: sorted, apart from each other, none empty.
    package let runs: [Range<Int>]

    /// Pictures with a longer side are refused.
    package static let maxSide = 1 << 14

    /// Number of pixels of a picture; `nil` where it has none, or too many.
    private static func pixels(_ picture: ImageSize) -> Int? {
        guard (1...maxSide).contains(picture.width), (1...maxSide).contains(picture.height) else { return nil }
        return picture.width * picture.height
    }

    /// A mask of these runs, which may overlap and come in any order; `nil` where they leave the picture.
    package init?(picture: ImageSize, runs: [Range<Int>]) {
        guard let pixels = Self.pixels(picture) else { return nil }
        var merged: [Range<Int>] = []
        for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) where !run.isEmpty {
            guard run.lowerBound >= 0, run.upperBound <= pixels else { return nil }
            if let last = merged.last, last.upperBound >= run.lowerBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
            } else {
                merged.append(run)
            }
        }
        self.picture = picture
        self.runs = merged
    }

    /// A mask from COCO's counts: pixels outside and inside in turn, outside first. `nil` where they do not fill the picture.
    package init?(picture: ImageSize, counts: [Int]) {
        guard let pixels = Self.pixels(picture) else { return nil }
        var runs: [Range<Int>] = []
        var place = 0
        for (index, count) in counts.enumerated() {
            guard count >= 0, count <= pixels - place else { return nil }
            if index % 2 == 1 { runs.append(place..<place + count) }
            place += count
        }
        guard place == pixels else { return nil }
        self.init(picture: picture, runs: runs)
    }

    /// COCO's counts of the mask: pixels outside and inside in turn.
    package var counts: [Int] {
        var counts: [Int] = []
        var place = 0
        for run in runs {
            counts.append(run.lowerBound - place)
            counts.append(run.count)
            place = run.upperBound
        }
        let pixels = picture.width * picture.height
        if place < pixels || counts.isEmpty { counts.append(pixels - place) }
        return counts
    }

    /// Number of pixels.
    package var area: Int { runs.reduce(0) { $0 + $1.count } }

    /// The smallest box around all pixels; `nil` where there are none.
    package var box: PixelBox? {
        guard let first = runs.first, let last = runs.last else { return nil }
        var top = picture.height
        var bottom = 0
        for run in runs {
            let sameColumn = run.lowerBound / picture.height == (run.upperBound - 1) / picture.height
            top = min(top, sameColumn ? run.lowerBound % picture.height : 0)
            bottom = max(bottom, sameColumn ? (run.upperBound - 1) % picture.height + 1 : picture.height)
        }
        return PixelBox(
            x1: Float(first.lowerBound / picture.height), y1: Float(top),
            x2: Float((last.upperBound - 1) / picture.height + 1), y2: Float(bottom))
    }

    /// Intersection over union with another mask, 0…1; 0 where the pictures differ in size.
    package func intersectionOverUnion(_ other: Mask) -> Double {
        guard picture == other.picture else { return 0 }
        var common = 0
        var (i, j) = (0, 0)
        while i < runs.count, j < other.runs.count {
            let end = min(runs[i].upperBound, other.runs[j].upperBound)
            common += max(0, end - max(runs[i].lowerBound, other.runs[j].lowerBound))
            if runs[i].upperBound == end { i += 1 } else { j += 1 }
        }
        let union = area + other.area - common
        return union > 0 ? Double(common) / Double(union) : 0
    }
}

extension Mask {
    /// Work above this, in edges crossing columns, is refused.
    private static let maxCrossings = 20_000_000

    /// Corners further out are refused.
    private static let maxCoordinate = 1e6

    /// The pixels whose centre lies inside a polygon, by the even-odd rule; the polygon closes by itself.
    ///
    /// `nil` where it is no polygon (fewer than three corners, far outside), or one of absurd size.
    package init?(picture: ImageSize, polygon: [(x: Double, y: Double)]) {
        guard polygon.count >= 3, Self.pixels(picture) != nil,
            polygon.allSatisfy({ abs($0.x) <= Self.maxCoordinate && abs($0.y) <= Self.maxCoordinate })
        else { return nil }
        var crossings = [[Double]](repeating: [], count: picture.width)
        var budget = Self.maxCrossings
        for (index, corner) in polygon.enumerated() {
            let next = polygon[(index + 1) % polygon.count]
            let (left, right) = corner.x <= next.x ? (corner, next) : (next, corner)
            // Columns whose centre is in left.x ..< right.x.
            let first = Self.pixel(left.x, below: picture.width)
            let end = Self.pixel(right.x, below: picture.width)
            budget -= end - first
            guard budget >= 0 else { return nil }
            for column in first..<max(first, end) {
                let share = (Double(column) + 0.5 - left.x) / (right.x - left.x)
                crossings[column].append(left.y + share * (right.y - left.y))
            }
        }
        var runs: [Range<Int>] = []
        for (column, unsorted) in crossings.enumerated() {
            let sorted = unsorted.sorted()
            for pair in stride(from: 0, to: sorted.count - 1, by: 2) {
                let top = Self.pixel(sorted[pair], below: picture.height)
                let bottom = Self.pixel(sorted[pair + 1], below: picture.height)
                if bottom > top { runs.append(column * picture.height + top..<column * picture.height + bottom) }
            }
        }
        self.init(picture: picture, runs: runs)
    }

    /// The first pixel whose centre is at `edge` or beyond it, at most `limit`.
    private static func pixel(_ edge: Double, below limit: Int) -> Int {
        Int((edge - 0.5).rounded(.up), within: 0...limit)
    }
}
