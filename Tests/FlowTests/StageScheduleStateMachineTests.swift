import Testing

@testable import Flow

/// The rules of who works on what, played through without threads.
struct StageScheduleStateMachineTests {
    typealias Machine = StageScheduleStateMachine<Int>

    private func started(_ action: Machine.AddAction) -> (lane: Int, items: [Int])? {
        guard case .start(let lane, let run) = action else { return nil }
        return (lane, run.items)
    }

    @Test("A post that finds an idle lane does not wait")
    func immediate() {
        var machine = Machine(compute: 2, decode: 1, batch: 4)
        #expect(started(machine.add(1, to: .read))?.items == [1])
        #expect(started(machine.add(2, to: .ground))?.items == [2])
        #expect(started(machine.add(3, to: .see)) == nil)
        #expect(started(machine.add(4, to: .decode))?.items == [4], "pictures have lanes of their own")
        #expect(machine.depth(of: .see) == 1)
    }

    @Test("A free lane prefers the later stage")
    func preference() {
        var machine = Machine(compute: 1, decode: 1, batch: 4)
        _ = machine.add(0, to: .read)
        for (item, stage) in [(1, Stage.read), (2, .see), (3, .ground), (4, .see)] { _ = machine.add(item, to: stage) }
        var order: [[Int]] = []
        while let run = machine.next(lane: 0, of: .compute) { order.append(run.items) }
        #expect(order == [[3], [2, 4], [1]])
    }

    @Test("A run takes what waits up to the limit, and leaves other lanes their share")
    func batches() {
        var alone = Machine(compute: 1, decode: 1, batch: 4)
        _ = alone.add(0, to: .see)
        for item in 1...6 { _ = alone.add(item, to: .see) }
        #expect(alone.next(lane: 0, of: .compute)?.items == [1, 2, 3, 4])
        #expect(alone.next(lane: 0, of: .compute)?.items == [5, 6])

        var pair = Machine(compute: 2, decode: 1, batch: 4)
        for item in 0...1 { _ = pair.add(item, to: .see) }
        for item in 2...4 { _ = pair.add(item, to: .see) }
        #expect(pair.next(lane: 0, of: .compute)?.items == [2, 3])
        #expect(pair.next(lane: 1, of: .compute)?.items == [4])
    }

    @Test("Cancelling drops what waits")
    func cancel() {
        var machine = Machine(compute: 1, decode: 1, batch: 4)
        _ = machine.add(0, to: .read)
        _ = machine.add(1, to: .read)
        machine.cancel()
        #expect(machine.next(lane: 0, of: .compute) == nil)
        #expect(started(machine.add(2, to: .read)) == nil)
        #expect(machine.depth(of: .read) == 0)
    }

    @Test("Every post is worked on once at each stage, by lanes that do one thing at a time", arguments: 0..<40)
    func randomSchedules(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var machine = Machine(compute: 1 + seed % 4, decode: 1 + seed % 2, batch: 1 + seed % 3)
        var running: [Crew: [Int: Machine.Run]] = [.compute: [:], .decode: [:]]
        var visits: [Stage: [Int]] = [:]
        let path: [Stage] = [.read, .decode, .see, .ground]
        var fresh = Array(0..<50)

        func add(_ item: Int, to stage: Stage) {
            guard case .start(let lane, let run) = machine.add(item, to: stage) else { return }
            #expect(running[stage.crew]?[lane] == nil, "lane \(lane) is busy")
            running[stage.crew]?[lane] = run
        }
        while !fresh.isEmpty || running.values.contains(where: { !$0.isEmpty }) {
            let busy = running.flatMap { crew, lanes in lanes.keys.sorted().map { (crew, $0) } }
                .sorted { ($0.0.rawValue, $0.1) < ($1.0.rawValue, $1.1) }
            if !fresh.isEmpty, busy.isEmpty || Bool.random(using: &random) {
                add(fresh.removeFirst(), to: .read)
                continue
            }
            guard let (crew, lane) = busy.randomElement(using: &random),
                let run = running[crew]?.removeValue(forKey: lane)
            else { continue }
            #expect(run.items.count <= (run.stage.takesBatches ? 1 + seed % 3 : 1))
            visits[run.stage, default: []] += run.items
            // The lane asks before the posts go on or after: both happen.
            let asksFirst = Bool.random(using: &random)
            if asksFirst { running[crew]?[lane] = machine.next(lane: lane, of: crew) }
            let position = path.firstIndex(of: run.stage) ?? 0
            if position + 1 < path.count {
                for item in run.items { add(item, to: path[position + 1]) }
            }
            if !asksFirst { running[crew]?[lane] = machine.next(lane: lane, of: crew) }
        }
        for stage in path { #expect(visits[stage]?.sorted() == Array(0..<50), "\(stage)") }
    }
}
