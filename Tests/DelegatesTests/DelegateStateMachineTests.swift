import Testing

@testable import Delegates

struct DelegateStateMachineTests {
    private static let second: UInt64 = 1_000_000_000
    private typealias Loss = DelegateStateMachine.Loss

    private func machine(atOnce: Int = 64, perMinute: Int? = nil) -> DelegateStateMachine {
        DelegateStateMachine(DelegateLimits(timeout: .seconds(30), atOnce: atOnce, perMinute: perMinute))
    }

    /// Has so many questions asked and sent.
    private func sent(_ count: Int, by machine: inout DelegateStateMachine, now: UInt64 = 0) throws -> [Int] {
        let ids = try (0..<count).map { _ in try machine.ask(now: now) }
        if machine.wantsStart(now: now) { machine.started() }
        while machine.next(now: now) != nil {}
        return ids
    }

    private func next(_ machine: inout DelegateStateMachine, now: UInt64) -> Int? { machine.next(now: now)?.id }

    @Test("questions go out in their order, so many at once, and each answer makes room for one")
    func order() throws {
        var machine = machine(atOnce: 2)
        let ids = try (0..<4).map { _ in try machine.ask(now: 0) }
        #expect(next(&machine, now: 0) == nil, "nobody is there to be asked")
        #expect(machine.wantsStart(now: 0))
        machine.started()
        #expect(next(&machine, now: 0) == ids[0])
        #expect(next(&machine, now: 0) == ids[1])
        #expect(next(&machine, now: 0) == nil)
        let answered = machine.replied(ids[1], isAnswer: true, now: 1)
        #expect(answered.answered && answered.loss == nil)
        #expect(next(&machine, now: 1) == ids[2])
        #expect(next(&machine, now: 1) == nil)
        #expect(machine.replied(ids[1], isAnswer: true, now: 1).answered == false, "an answer counts once")
    }

    @Test("a question that fails is asked again after half a second and after one, and is then given up")
    func tries() throws {
        var machine = machine()
        let id = try sent(1, by: &machine)[0]
        #expect(machine.replied(id, isAnswer: false, now: 0).loss == nil)
        #expect(next(&machine, now: Self.second / 2 - 1) == nil)
        #expect(machine.wake(now: 0) == Self.second / 2)
        #expect(next(&machine, now: Self.second / 2) == id)
        #expect(machine.replied(id, isAnswer: false, now: Self.second / 2).loss == nil)
        #expect(next(&machine, now: Self.second * 3 / 2 - 1) == nil)
        #expect(next(&machine, now: Self.second * 3 / 2) == id)
        #expect(machine.replied(id, isAnswer: false, now: Self.second * 2).loss == Loss(id: id, failure: .failed))
        #expect(machine.isIdle)
    }

    @Test("all tries of a question share its deadline")
    func deadline() throws {
        var machine = machine()
        let id = try sent(1, by: &machine)[0]
        let almost = 30 * Self.second - Self.second / 4
        #expect(machine.replied(id, isAnswer: false, now: almost).loss == Loss(id: id, failure: .failed))
        let late = try sent(1, by: &machine, now: almost)[0]
        #expect(machine.expire(now: almost + 30 * Self.second - 1).losses == [])
        #expect(machine.expire(now: almost + 30 * Self.second).losses == [Loss(id: late, failure: .timeout)])
        #expect(machine.replied(late, isAnswer: true, now: almost + 31 * Self.second).answered == false)
        #expect(machine.isIdle)
    }

    @Test("where the program dies of one question among many, the others are answered all the same")
    func poison() throws {
        var machine = machine()
        let ids = try sent(5, by: &machine)
        let poison = ids[2]
        var now: UInt64 = 0
        var losses = machine.ended(now: now)
        var answered: [Int] = []
        while !machine.isIdle, now < 30 * Self.second {
            now += Self.second / 10
            if machine.wantsStart(now: now) { machine.started() }
            var out: [Int] = []
            while let id = next(&machine, now: now) { out.append(id) }
            if out.contains(poison) {
                losses += machine.ended(now: now)
            } else {
                for id in out where machine.replied(id, isAnswer: true, now: now).answered { answered.append(id) }
            }
        }
        #expect(answered.sorted() == ids.filter { $0 != poison })
        #expect(losses == [Loss(id: poison, failure: .failed)])
    }

    @Test("a program that dies at once, and again, is left alone, and nobody waits for it")
    func deaths() throws {
        var machine = machine()
        let ids = try (0..<10).map { _ in try machine.ask(now: 0) }
        var losses: [Loss] = []
        var now: UInt64 = 0
        while losses.count < ids.count, now < 5 * Self.second {
            if machine.wantsStart(now: now) {
                machine.started()
                _ = machine.next(now: now)
                losses += machine.ended(now: now)
            }
            now += Self.second / 10
        }
        #expect(Set(losses.map(\.id)) == Set(ids))
        #expect(throws: DelegateFailure.open) { try machine.ask(now: now) }
        #expect(machine.isIdle)
    }

    @Test("one that no longer answers is ended at its first silence, one that has yet to answer at its third")
    func silence() throws {
        for (hasReplied, expected) in [(true, [true]), (false, [false, false, true])] {
            var machine = machine()
            var now: UInt64 = 0
            if hasReplied {
                let id = try sent(1, by: &machine)[0]
                _ = machine.replied(id, isAnswer: true, now: now)
            }
            var ends: [Bool] = []
            for _ in expected {
                // Once it was left alone, one question is tried at a time.
                for _ in 0..<8 where (try? machine.ask(now: now)) != nil {
                    if machine.wantsStart(now: now) { machine.started() }
                    _ = machine.next(now: now)
                }
                now += 31 * Self.second
                ends.append(machine.expire(now: now).ends)
                now += 400 * Self.second
            }
            #expect(ends == expected)
        }
    }

    @Test("a minute's budget is not exceeded, and the next minute has its own")
    func budget() throws {
        var machine = machine(perMinute: 2)
        _ = try machine.ask(now: 5)
        _ = try machine.ask(now: 6)
        #expect(throws: DelegateFailure.budget) { try machine.ask(now: 7) }
        #expect(throws: DelegateFailure.budget) { try machine.ask(now: 60 * Self.second) }
        _ = try machine.ask(now: 5 + 60 * Self.second)
    }

    @Test("at the end of the stream nothing is asked any more, and what is open has a second")
    func hurry() throws {
        var machine = machine()
        let id = try sent(1, by: &machine)[0]
        machine.hurry(until: Self.second)
        #expect(throws: DelegateFailure.closed) { try machine.ask(now: 0) }
        #expect(machine.expire(now: Self.second - 1).losses == [])
        #expect(machine.expire(now: Self.second).losses == [Loss(id: id, failure: .closed)])
    }

    @Test("a thousand lines that answer nothing are a flood, unless an answer is among them")
    func flood() throws {
        var machine = machine()
        let id = try sent(1, by: &machine)[0]
        for _ in 0..<999 { machine.strayed() }
        #expect(!machine.isFlooded)
        _ = machine.replied(id, isAnswer: true, now: 0)
        for _ in 0..<999 { machine.strayed() }
        #expect(!machine.isFlooded)
        _ = machine.replied(id, isAnswer: true, now: 0)
        #expect(machine.isFlooded, "a second answer answers nothing")
    }
}
