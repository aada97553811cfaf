/// What a picture costs at the most, as its header tells before a pixel is decoded.
struct DecodingCost: Equatable {
    /// About nanoseconds of one core, beyond reading the file once: bytes pay for themselves, since files have limits.
    var work: Int
    /// Bytes, beyond those of the file.
    var memory: Int
    /// Bytes besides that no ordinary file takes, and that one which was made for it may.
    var risk = 0

    static func + (one: DecodingCost, other: DecodingCost) -> DecodingCost {
        DecodingCost(
            work: sum(one.work, other.work), memory: sum(one.memory, other.memory), risk: sum(one.risk, other.risk))
    }

    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflows) = one.addingReportingOverflow(other)
        return overflows ? .max : sum
    }

    /// Refuses what is more than a picture may cost.
    func check(against limits: ImageLimits) throws(ImageError) {
        let millisecond = 1_000_000
        guard work <= limits.maxWork else {
            let (needed, limit) = (work / millisecond, limits.maxWork / millisecond)
            throw ImageError(.tooCostly, "decoding may take \(needed) ms, the limit is \(limit) ms")
        }
        for (needed, limit) in [(memory, limits.maxMemory), (Self.sum(memory, risk), limits.maxMemory / 4 * 7)] {
            guard needed <= limit else {
                throw ImageError(
                    .tooCostly, "decoding takes \(needed >> 20) MiB of memory, the limit is \(limit >> 20) MiB")
            }
        }
    }

    /// What a picture asks of the memory that all share: all of it, where it might be more.
    func reserved(within limits: ImageLimits) -> Int { min(Self.sum(memory, risk), limits.maxMemory) }
}
