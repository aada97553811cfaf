package import Geometry

extension Mask {
    /// Outlines of its parts, corner after corner in pixels of the picture, as seen on a grid of at most so many cells a side.
    package func outlines(cells: Int = 256) -> [[SIMD2<Float>]] {
        let scale = max(1, Float(max(picture.width, picture.height)) / Float(cells))
        let (width, height) = (max(1, Int(Float(picture.width) / scale)), max(1, Int(Float(picture.height) / scale)))
        // The column of pixels in the middle of each column of cells.
        let columns = (0..<width).map { Int((Float($0) + 0.5) * Float(picture.width) / Float(width)) }
        let cellOfColumn = Dictionary(columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        func cell(_ row: Int) -> Int {
            Int((Float(row) * Float(height) / Float(picture.height)).rounded(), within: 0...height)
        }
        var isInside = [Bool](repeating: false, count: width * height)
        for run in runs {
            for column in run.lowerBound / picture.height...(run.upperBound - 1) / picture.height {
                guard let x = cellOfColumn[column] else { continue }
                let top = max(run.lowerBound - column * picture.height, 0)
                let bottom = min(run.upperBound - column * picture.height, picture.height)
                for y in cell(top)..<max(cell(top), cell(bottom)) { isInside[y * width + x] = true }
            }
        }
        let size = SIMD2(Float(picture.width) / Float(width), Float(picture.height) / Float(height))
        return PixelComponents.outlines(of: isInside, width: width, height: height).map { $0.map { $0 * size } }
    }
}
