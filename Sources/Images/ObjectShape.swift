package import Geometry

/// An object cut out of a picture: pixels of the square that the picture was squashed into.
package struct ObjectShape: Sendable, Equatable {
    /// Pixels of a side of the square.
    let side: Int
    let window: GridWindow
    /// Whether each pixel of the window is of the object, row by row.
    let isInside: [Bool]

    /// Its pixels in the picture; `nil` for a picture of a size that masks cannot have.
    package func mask(in picture: ImageSize) -> Mask? {
        let (across, down) = (Double(picture.width) / Double(side), Double(picture.height) / Double(side))
        guard picture.width <= Mask.maxSide, picture.height <= Mask.maxSide else { return nil }
        // Pixels whose centre lies in a run of the square's column.
        func first(_ edge: Int, _ scale: Double, below limit: Int) -> Int {
            Int((Double(edge) * scale - 0.5).rounded(.up), within: 0...limit)
        }
        var runs: [Range<Int>] = []
        for column in 0..<window.width {
            let left = first(window.columns.lowerBound + column, across, below: picture.width)
            let right = first(window.columns.lowerBound + column + 1, across, below: picture.width)
            let spans = self.runs(inColumn: column).compactMap { run -> Range<Int>? in
                let top = first(window.rows.lowerBound + run.lowerBound, down, below: picture.height)
                let bottom = first(window.rows.lowerBound + run.upperBound, down, below: picture.height)
                return top < bottom ? top..<bottom : nil
            }
            for x in left..<max(left, right) {
                runs += spans.map { x * picture.height + $0.lowerBound..<x * picture.height + $0.upperBound }
            }
        }
        return Mask(picture: picture, runs: runs)
    }

    private func runs(inColumn column: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for row in 0...window.height {
            let inside = row < window.height && isInside[row * window.width + column]
            if inside, start == nil { start = row }
            if !inside, let first = start {
                runs.append(first..<row)
                start = nil
            }
        }
        return runs
    }

    /// Outlines of its parts, corner after corner, in pixels of the picture.
    package func outlines(in picture: ImageSize) -> [[SIMD2<Float>]] {
        let corner = SIMD2(Float(window.columns.lowerBound), Float(window.rows.lowerBound))
        let scale = SIMD2(Float(picture.width), Float(picture.height)) / Float(side)
        return PixelComponents.outlines(of: isInside, width: window.width, height: window.height).map { outline in
            outline.map { ($0 + corner) * scale }
        }
    }
}
