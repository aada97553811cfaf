import Dispatch
@testable import Images
import Synchronization
import Testing
import TestSupport

@Suite struct MemoryBudgetStateMachineTests {
    @Test func grantsWhatIsThere() {
        var machine = MemoryBudgetStateMachine(total: 10)
        #expect(machine.take(6) == .granted)
        #expect(machine.take(4) == .granted)
        #expect(machine.take(1) == .wait(1))
        #expect(machine.giveBack(4) == [1])
        #expect(machine.take(11) == .tooMuch)
    }

    /// A large request is not passed over by small ones that came later.
    @Test func servesInOrder() {
        var machine = MemoryBudgetStateMachine(total: 10)
        #expect(machine.take(9) == .granted)
        #expect(machine.take(10) == .wait(1))
        #expect(machine.take(1) == .wait(2))
        #expect(machine.take(2) == .wait(3))
        #expect(machine.giveBack(9) == [1])
        #expect(machine.giveBack(10) == [2, 3])
    }

    @Test func whoGivesUpLetsOthersPass() {
        var machine = MemoryBudgetStateMachine(total: 10)
        #expect(machine.take(9) == .granted)
        #expect(machine.take(10) == .wait(1))
        #expect(machine.take(1) == .wait(2))
        #expect(machine.withdraw(1) == [2])
        // What was granted is no longer waiting, and has to be given back.
        #expect(machine.withdraw(2) == nil)
        #expect(machine.giveBack(1) == [])
        #expect(machine.giveBack(9) == [])
        #expect(machine.take(10) == .granted)
    }
}

@Suite(.onItsOwnThread) struct MemoryBudgetTests {
    @Test func neverLendsMoreThanItHas() {
        let budget = MemoryBudget(bytes: 100)
        let lent = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { lane in
            var random = SplitMix(state: UInt64(lane))
            for _ in 0..<500 {
                let bytes = Int.random(in: 0...100, using: &random)
                let error = failure { () throws(ImageError) in
                    try budget.lend(bytes, until: .never) {
                        #expect(
                            lent.withLock {
                                $0 += bytes; return $0
                            } <= 100)
                        lent.withLock { $0 -= bytes }
                    }
                }
                #expect(error == nil)
            }
        }
        #expect(failure { () throws(ImageError) in try budget.lend(101, until: .never) {} }?.code == .tooCostly)
    }

    /// Where others have the memory, waiting ends with the deadline, and nothing is lost by that.
    @Test func waitingEndsWithTheDeadline() throws {
        let budget = MemoryBudget(bytes: 100)
        let countdown = Countdown(3)
        try budget.lend(60, until: .never) { () throws(ImageError) in
            let error = failure { () throws(ImageError) in try budget.lend(50, until: countdown.deadline) {} }
            #expect(error?.code == .timeout)
            #expect(countdown.count == 4)
            try budget.lend(40, until: .never) {}
        }
        try budget.lend(100, until: .never) {}
    }

    @Test func whatFailsGivesBackToo() throws {
        let budget = MemoryBudget(bytes: 100)
        let error = failure { () throws(ImageError) in
            try budget.lend(100, until: .never) { () throws(ImageError) in throw ImageError(.corrupt, "") }
        }
        #expect(error?.code == .corrupt)
        try budget.lend(100, until: .never) {}
    }

    /// Pictures that together need more than there is wait for each other, whoever decodes them.
    @Test func decodersOfOneKindShareTheirMemory() throws {
        let jpeg = PictureBomb.jpeg(.progressive, side: 400, components: 1, scans: 3)
        let decoder = ImageDecoder(limits: ImageLimits(maxPixels: 160_000))
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let picture = try? decoder.picture(of: jpeg, atLeast: 50)
            #expect(picture?.width == 50)
        }
    }
}
