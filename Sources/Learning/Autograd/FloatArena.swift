import Model

/// Memory for one step of training: blocks are taken one after the other and all given back at once.
///
/// Chunks stay allocated between steps, and a block given back early is handed out again to the next taker of
/// the same size, so that the gradients of a backward pass stay in the processor's caches.
final class FloatArena {
    private var chunks: [FloatBuffer] = []
    private var chunk = 0
    private var used = 0
    private var returned: [Int: [FloatView]] = [:]
    private var leases = LeaseStack()
    private let chunkSize: Int

    init(chunkSize: Int = 1 << 20) {
        self.chunkSize = chunkSize
    }

    /// Floats held, used or not.
    var capacity: Int { chunks.reduce(0) { $0 + $1.count } }

    /// A block of `count` floats with whatever was in it before.
    func take(_ count: Int) -> FloatView {
        if let block = returned[count]?.popLast() { return block.leased(leases.begin(at: 0)) }
        while chunk < chunks.count, chunks[chunk].count - used < count {
            chunk += 1
            used = 0
        }
        if chunk == chunks.count { chunks.append(FloatBuffer(count: max(chunkSize, count))) }
        // Blocks start on cache lines.
        let start = used
        used = min((start + count + 15) & ~15, chunks[chunk].count)
        return chunks[chunk][start..<start + count].leased(leases.begin(at: 0))
    }

    /// A block of zeros.
    func zeros(_ count: Int) -> FloatView {
        let block = take(count)
        block.fill(0)
        return block
    }

    /// Gives one block back before the step ends. Nobody may use it afterwards.
    func give(_ block: FloatView) {
        returned[block.count, default: []].append(block.leased(Lease()))
        block.end()
    }

    /// Takes every block back. Nobody may use one afterwards.
    func reset() {
        leases.end(from: 0)
        chunk = 0
        used = 0
        returned.removeAll(keepingCapacity: true)
    }
}
