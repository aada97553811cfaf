import Randomness

/// Which examples form the batches of an epoch, and how each batch is shared out.
struct BatchPlan {
    /// Indices of examples, batch by batch.
    let batches: [[Int]]

    /// Shuffles, sorts by size within pools of 64 batches so that a batch holds examples of like size, cuts, and
    /// shuffles the batches. Depends on the seed and the epoch alone.
    init(sizes: [Int], batchSize: Int, seed: UInt64, epoch: Int) {
        var generator = SeededGenerator(seed: seed, stream: 2, UInt64(epoch))
        let order = Array(sizes.indices).shuffled(using: &generator)
        var batches: [[Int]] = []
        let pool = batchSize * 64
        for start in stride(from: 0, to: order.count, by: pool) {
            let part = order[start..<min(start + pool, order.count)]
            let places = part.enumerated().sorted {
                (sizes[$0.element], $0.offset) < (sizes[$1.element], $1.offset)
            }.map(\.element)
            for first in stride(from: 0, to: places.count, by: batchSize) {
                batches.append(Array(places[first..<min(first + batchSize, places.count)]))
            }
        }
        self.batches = batches.shuffled(using: &generator)
    }

    /// Cuts a batch into shards of about equal work: largest first, back and forth over the shards.
    static func shards(_ batch: [Int], sizes: [Int], count: Int) -> [[Int]] {
        var shards = [[Int]](repeating: [], count: count)
        let order = batch.enumerated().sorted { (-sizes[$0.element], $0.offset) < (-sizes[$1.element], $1.offset) }
        for (place, item) in order.enumerated() {
            let turn = place % (2 * count)
            shards[turn < count ? turn : 2 * count - 1 - turn].append(item.element)
        }
        return shards
    }
}
