import Testing

@testable import Flow

/// The rules of who works on what, played through without threads.
struct StageScheduleStateMachineTests {
    typealias Machine = StageScheduleStateMachine<Int>

    /// The crews of a stream, with widths that a plan would not choose.
    private static func crews(compute: Int = 1, decode: Int = 1, batch: Int = 4) -> [Crew] {
        var plan = Plan(jobs: compute)
        plan.batch = batch
        return plan.crews.map { crew in
            crew.name == "decode" ? Crew(name: crew.name, width: decode, stages: crew.stages) : crew
        }
    }

    private let compute = Machine.Lane(crew: 0, number: 0)

    private func started(_ action: Machine.AddAction) -> (lane: Machine.Lane, items: [Int])? {
        guard case .start(let lane, let run) = action else { return nil }
        return (lane, run.items)
    }

    @Test("A post that finds an idle lane does not wait")
    func immediate() {
        var machine = Machine(Self.crews(compute: 2))
        #expect(started(machine.add(1, to: .read))?.items == [1])
        #expect(started(machine.add(2, to: .ground))?.items == [2])
        #expect(started(machine.add(3, to: .see)) == nil)
        #expect(started(machine.add(4, to: .decode))?.items == [4], "pictures have lanes of their own")
        #expect(machine.depth(of: .see) == 1)
    }

    @Test("A free lane prefers the later stage")
    func preference() {
        var machine = Machine(Self.crews())
        _ = machine.add(0, to: .read)
        for (item, stage) in [(1, Stage.read), (2, .see), (3, .ground), (4, .see)] { _ = machine.add(item, to: stage) }
        var order: [[Int]] = []
        while let run = machine.next(compute) { order.append(run.items) }
        #expect(order == [[3], [2, 4], [1]])
    }

    @Test("A run takes what waits up to the limit, and leaves other lanes their share")
    func batches() {
        var alone = Machine(Self.crews())
        _ = alone.add(0, to: .see)
        for item in 1...6 { _ = alone.add(item, to: .see) }
        #expect(alone.next(compute)?.items == [1, 2, 3, 4])
        #expect(alone.next(compute)?.items == [5, 6])

        var pair = Machine(Self.crews(compute: 2))
        for item in 0...1 { _ = pair.add(item, to: .see) }
        for item in 2...4 { _ = pair.add(item, to: .see) }
        #expect(pair.next(compute)?.items == [2, 3])
        #expect(pair.next(Machine.Lane(crew: 0, number: 1))?.items == [4])
    }

    @Test("One more crew is one more entry: lanes, width and batches of its own")
    func anotherCrew() {
        let own = Crew(name: "pictures", width: 3, stages: [.see], batch: 2)
        let crews = Self.crews().map { crew in
            Crew(name: crew.name, width: crew.width, stages: crew.stages.filter { $0 != .see }, batch: crew.batch)
        }
        var machine = Machine(crews + [own])
        let starts = (0..<3).compactMap { started(machine.add($0, to: .see))?.lane }
        #expect(starts == (0..<3).map { Machine.Lane(crew: crews.count, number: $0) })
        #expect(started(machine.add(3, to: .read))?.lane == compute, "the others go on as before")
        for item in 4...9 { _ = machine.add(item, to: .see) }
        #expect(machine.next(starts[0])?.items == [4, 5])
        #expect(machine.next(compute) == nil, "what waits for one crew is nothing to another")
        #expect(machine.next(starts[1])?.items == [6, 7])
        #expect(machine.next(starts[2])?.items == [8], "another lane may want the last one")
    }

    @Test("A stage that nobody serves, or two crews serve, is a fault of the list")
    func everyStageOnce() async {
        await #expect(processExitsWith: .failure) {
            _ = StageScheduleStateMachine<Int>(Array(Plan(jobs: 1).crews.dropLast()))
        }
        await #expect(processExitsWith: .failure) {
            _ = StageScheduleStateMachine<Int>(Plan(jobs: 1).crews + [Crew(name: "more", width: 1, stages: [.see])])
        }
    }

    @Test("Cancelling drops what waits")
    func cancel() {
        var machine = Machine(Self.crews())
        _ = machine.add(0, to: .read)
        _ = machine.add(1, to: .read)
        machine.cancel()
        #expect(machine.next(compute) == nil)
        #expect(started(machine.add(2, to: .read)) == nil)
        #expect(machine.depth(of: .read) == 0)
    }

    @Test("Every post is worked on once at each stage, by lanes that do one thing at a time", arguments: 0..<40)
    func randomSchedules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let crews = Self.crews(compute: 1 + seed % 4, decode: 1 + seed % 2, batch: 1 + seed % 3)
        var machine = Machine(crews)
        var running: [Machine.Lane: Machine.Run] = [:]
        var visits: [Stage: [Int]] = [:]
        // From the first stage to the last.
        let path = Array(Stage.allCases.reversed())
        var fresh = Array(0..<50)

        func add(_ item: Int, to stage: Stage) {
            guard case .start(let lane, let run) = machine.add(item, to: stage) else { return }
            #expect(running[lane] == nil, "\(lane) is busy")
            #expect(crews[lane.crew].stages.contains(stage) && lane.number < crews[lane.crew].width)
            running[lane] = run
        }
        while !fresh.isEmpty || !running.isEmpty {
            let busy = running.keys.sorted { ($0.crew, $0.number) < ($1.crew, $1.number) }
            if !fresh.isEmpty, busy.isEmpty || Bool.random(using: &random) {
                add(fresh.removeFirst(), to: path[0])
                continue
            }
            guard let lane = busy.randomElement(using: &random), let run = running.removeValue(forKey: lane)
            else { continue }
            #expect(run.items.count <= (run.stage.takesBatches ? crews[lane.crew].batch : 1))
            visits[run.stage, default: []] += run.items
            // The lane asks before the posts go on or after: both happen.
            let asksFirst = Bool.random(using: &random)
            if asksFirst { running[lane] = machine.next(lane) }
            let position = path.firstIndex(of: run.stage) ?? 0
            if position + 1 < path.count {
                for item in run.items { add(item, to: path[position + 1]) }
            }
            if !asksFirst { running[lane] = machine.next(lane) }
        }
        for stage in path { #expect(visits[stage]?.sorted() == Array(0..<50), "\(stage)") }
    }
}
