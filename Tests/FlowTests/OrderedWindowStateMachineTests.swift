import Testing

@testable import Flow

/// The window's rules, played through without threads.
struct OrderedWindowStateMachineTests {
    typealias Machine = OrderedWindowStateMachine<Int>

    /// A reader, some workers and a writer in an order that chance decides.
    struct Play {
        var machine: Machine
        var random: SeededGenerator
        let posts: Int
        let capacity: Int

        var admitted = 0
        var working: [Int] = []
        var holding = 0
        var output: [Int] = []
        var readerSleeps = false
        var writerSleeps = false
        var finished = false

        mutating func run() {
            while !finished {
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where !readerSleeps && admitted <= posts: readerStep()
                case 1 where !working.isEmpty: workerStep()
                case 2 where !writerSleeps: writerStep()
                default: break
                }
                #expect(machine.alive <= capacity)
                // A party that sleeps while it could go on was forgotten.
                let stuck = readerSleeps && machine.alive < capacity && holding == 0
                #expect(!stuck, "the reader sleeps although there is room")
                #expect(!(writerSleeps && admitted > posts && machine.alive == 0), "the writer sleeps at the end")
            }
        }

        private mutating func wake(_ wake: Machine.Wake) {
            if wake == .reader || wake == .both {
                #expect(readerSleeps, "the reader was woken but did not sleep")
                readerSleeps = false
            }
            if wake == .writer || wake == .both {
                #expect(writerSleeps, "the writer was woken but did not sleep")
                writerSleeps = false
            }
        }

        private mutating func readerStep() {
            guard admitted < posts else {
                admitted += 1
                return wake(machine.close())
            }
            switch machine.admit() {
            case .admitted(let sequence):
                #expect(sequence == admitted)
                working.append(sequence)
                admitted += 1
            case .wait: readerSleeps = true
            case .refused: Issue.record("an open window refused")
            }
        }

        private mutating func workerStep() {
            let sequence = working.remove(at: Int.random(in: working.indices, using: &random))
            guard case .wake(let parties) = machine.complete(sequence, with: sequence) else {
                return #expect(Bool(false), "\(sequence) is being worked on")
            }
            wake(parties)
            #expect(machine.complete(sequence, with: -1) == .refused)
        }

        private mutating func writerStep() {
            if holding > 0 {
                defer { holding = 0 }
                return wake(machine.written(holding))
            }
            switch machine.take() {
            case .write(let answers):
                #expect(!answers.isEmpty)
                output += answers
                holding = answers.count
            case .wait: writerSleeps = true
            case .finished: finished = true
            case .cancelled: Issue.record("nobody cancelled")
            }
        }
    }

    @Test(
        "Every schedule gives every answer once, and never more are alive than allowed",
        arguments: [1, 2, 3, 16], [true, false])
    func randomSchedules(capacity: Int, ordered: Bool) {
        for seed in 0..<50 {
            var play = Play(
                machine: Machine(capacity: capacity, ordered: ordered), random: SeededGenerator(seed: UInt64(seed)),
                posts: 60, capacity: capacity)
            play.run()
            #expect((ordered ? play.output : play.output.sorted()) == Array(0..<60), "seed \(seed)")
        }
    }

    @Test("An answer that is ready waits for those before it")
    func order() {
        var machine = Machine(capacity: 3, ordered: true)
        for _ in 0..<3 { _ = machine.admit() }
        #expect(machine.complete(2, with: 2) == .wake(.nobody))
        #expect(machine.complete(1, with: 1) == .wake(.nobody))
        guard case .wait = machine.take() else { return #expect(Bool(false), "nothing is due") }
        #expect(machine.complete(0, with: 0) == .wake(.writer))
        guard case .write(let answers) = machine.take() else { return #expect(Bool(false), "all are due") }
        #expect(answers == [0, 1, 2])
    }

    @Test(
        "Of several answers to one post the first counts, and there are none to posts that were not admitted",
        arguments: [true, false])
    func once(ordered: Bool) {
        var machine = Machine(capacity: 3, ordered: ordered)
        for _ in 0..<3 { _ = machine.admit() }
        #expect(machine.complete(0, with: 0) == .wake(.nobody))
        #expect(machine.complete(0, with: 7) == .refused)
        #expect(machine.complete(3, with: 7) == .refused)
        #expect(machine.complete(-1, with: 7) == .refused)
        guard case .write(let answers) = machine.take() else { return #expect(Bool(false), "one is due") }
        #expect(answers == [0])
        #expect(machine.written(1) == .nobody)
        #expect(machine.complete(0, with: 7) == .refused, "also when it is long gone")
        #expect(machine.alive == 2)
    }

    @Test("Nobody can write more than was taken")
    func overwritten() async {
        await #expect(processExitsWith: .failure) {
            var machine = OrderedWindowStateMachine<Int>(capacity: 2, ordered: true)
            _ = machine.admit()
            _ = machine.admit()
            _ = machine.complete(0, with: 0)
            _ = machine.take()
            _ = machine.written(2)
        }
    }

    @Test("Places are free after the write, not before")
    func backPressure() {
        var machine = Machine(capacity: 1, ordered: true)
        #expect(machine.admit() == .admitted(0))
        #expect(machine.admit() == .wait)
        #expect(machine.complete(0, with: 0) == .wake(.nobody))
        _ = machine.take()
        #expect(machine.alive == 1)
        #expect(machine.written(1) == .reader)
        #expect(machine.admit() == .admitted(1))
    }

    @Test("A closed window refuses posts and still gives the answers of those inside")
    func close() {
        var machine = Machine(capacity: 1, ordered: true)
        _ = machine.admit()
        #expect(machine.admit() == .wait)
        #expect(machine.close() == .reader)
        #expect(machine.admit() == .refused)
        _ = machine.complete(0, with: 7)
        guard case .write([7]) = machine.take() else { return #expect(Bool(false), "the answer is due") }
        _ = machine.written(1)
        guard case .finished = machine.take() else { return #expect(Bool(false), "nothing is left") }
    }

    @Test("A cancelled window wakes whoever sleeps and drops what comes late")
    func cancel() {
        var machine = Machine(capacity: 1, ordered: true)
        _ = machine.admit()
        _ = machine.admit()
        _ = machine.take()
        #expect(machine.cancel() == .both)
        #expect(machine.complete(0, with: 0) == .wake(.nobody))
        #expect(machine.admit() == .refused)
        guard case .cancelled = machine.take() else { return #expect(Bool(false), "cancelled is for good") }
        #expect(machine.close() == .nobody)
    }
}
