import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Tests that block", .onItsOwnThread)
struct OwnThreadTests {
    private static let count = ProcessInfo.processInfo.activeProcessorCount + 4
    private static let arrived = Atomic(0)

    /// More of them than there are processors, which the pool of tasks has a thread for each: they could not all wait there.
    @Test("each has a thread of its own", arguments: 0..<count)
    func together(_ number: Int) {
        Self.arrived.add(1, ordering: .relaxed)
        let deadline = ContinuousClock.now + .seconds(40)
        while Self.arrived.load(ordering: .relaxed) < Self.count, ContinuousClock.now < deadline { usleep(1_000) }
        #expect(Self.arrived.load(ordering: .relaxed) == Self.count)
    }
}
