/// Where a mask is highest.
package enum SaliencyPeaks {
    /// Patches that are higher than all patches around them, highest first; then the highest others, until there are
    /// `count`.
    ///
    /// - Parameter mask: `grid × grid` numbers, row by row.
    package static func find(_ mask: Span<Float>, grid: Int, _ count: Int) -> [Int] {
        var order: [(isPeak: Bool, value: Float, place: Int)] = []
        for place in 0..<grid * grid {
            let (row, column) = (place / grid, place % grid)
            var isPeak = true
            for y in max(0, row - 1)...min(grid - 1, row + 1) {
                for x in max(0, column - 1)...min(grid - 1, column + 1) where y * grid + x != place {
                    isPeak = isPeak && mask[place] > mask[y * grid + x]
                }
            }
            order.append((isPeak, mask[place], place))
        }
        order.sort { left, right in
            left.isPeak != right.isPeak
                ? left.isPeak : left.value != right.value ? left.value > right.value : left.place < right.place
        }
        return (0..<count).map { order[min($0, order.count - 1)].place }
    }
}
