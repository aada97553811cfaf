import CLinux

/// Gives memory back to the system after posts that took much of it: the allocator would keep it for good.
struct MemoryReturn {
    /// Bytes of text and answer from which on that pays: it takes about a millisecond.
    private static let large = 1 << 18

    private var isDue = false

    /// Looks at answers that are about to be written.
    mutating func note(_ answers: [FinishedPost]) {
        isDue = answers.contains { $0.textBytes + $0.lines.count >= Self.large }
    }

    /// Gives back what is free, if any answer since the last time was large.
    mutating func giveBack() {
        if isDue { linux_give_back_memory() }
        isDue = false
    }
}
