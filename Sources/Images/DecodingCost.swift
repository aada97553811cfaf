/// What a picture costs at the most, as its header tells before a pixel is decoded.
struct DecodingCost: Equatable {
    /// About nanoseconds of one core, beyond reading the file once: bytes pay for themselves, since files have limits.
    var work: Int
    /// Bytes, beyond those of the file.
    var memory: Int

    static func + (one: DecodingCost, other: DecodingCost) -> DecodingCost {
        DecodingCost(work: sum(one.work, other.work), memory: sum(one.memory, other.memory))
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
        guard memory <= limits.maxMemory else {
            let (needed, limit) = (memory >> 20, limits.maxMemory >> 20)
            throw ImageError(.tooCostly, "decoding takes \(needed) MiB of memory, the limit is \(limit) MiB")
        }
    }
}
