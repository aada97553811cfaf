import CLinux

/// Gives memory back to the system after posts that took much of it: the allocator would keep it for good.
struct MemoryReturn {
    /// Bytes of record and answer from which on that pays: it takes about a millisecond.
    private static let large = 1 << 18

    /// How often it is still due. Twice for each large one: at the first time, the thread that read the record may not have
    /// let go of it yet.
    private var timesDue = 0

    /// Looks at answers that are about to be written.
    mutating func note(_ answers: [FinishedPost]) {
        if answers.contains(where: { $0.recordBytes + $0.lines.count >= Self.large }) { timesDue = 2 }
    }

    /// Gives back what is free, if one of the last answers was large.
    mutating func giveBack() {
        guard timesDue > 0 else { return }
        linux_give_back_memory()
        timesDue -= 1
    }
}
