/// Lets a few go on at a time, the others in the order in which they came. Programs that all start at once take each other's
/// time, and what some of them are given is seconds.
actor Turns {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// As many turns at a time.
    init(_ count: Int) {
        free = count
    }

    /// Does something when it is its turn.
    nonisolated func wait<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await take()
        do {
            let result = try await body()
            await give()
            return result
        } catch {
            await give()
            throw error
        }
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func give() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
