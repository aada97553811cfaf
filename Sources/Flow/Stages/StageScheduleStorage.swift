import Dispatch
import Synchronization

/// The lock around a ``StageScheduleStateMachine``, and the queues that are its lanes.
///
/// Each lane is a serial queue, so that what belongs to a lane is used by one thread at a time. A lane stays on its
/// thread as long as there is work, and gives the thread back when there is none.
final class StageScheduleStorage<Item: Sendable>: Sendable {
    private typealias Machine = StageScheduleStateMachine<Item>

    private let machine: Mutex<StageScheduleStateMachine<Item>>
    /// By crew and number.
    private let lanes: [[DispatchQueue]]

    init(_ crews: [Crew]) {
        machine = Mutex(StageScheduleStateMachine(crews))
        lanes = crews.map { crew in
            (0..<crew.width).map { DispatchQueue(label: "gmner.\(crew.name).\($0)") }
        }
    }

    func depths() -> [StageSchedule<Item>.Depth] {
        machine.withLock { machine in
            Stage.allCases.map {
                StageSchedule<Item>.Depth(
                    stage: $0, now: machine.depth(of: $0), deepest: machine.deepest[$0.rawValue])
            }
        }
    }

    func add(_ item: Item, to stage: Stage, perform: @escaping StageSchedule<Item>.Perform) {
        switch machine.withLock({ $0.add(item, to: stage) }) {
        case .none: break
        case .start(let lane, let run):
            lanes[lane.crew][lane.number].async { self.work(run, on: lane, perform) }
        }
    }

    func cancel() {
        machine.withLock { $0.cancel() }
    }

    private func work(_ first: Machine.Run, on lane: Machine.Lane, _ perform: StageSchedule<Item>.Perform) {
        var run: Machine.Run? = first
        while let current = run {
            perform(current.stage, lane.number, current.items)
            run = machine.withLock { $0.next(lane) }
        }
    }
}
