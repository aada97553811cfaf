import DequeModule

/// Which lane works on which posts next: the rules without threads.
///
/// Posts wait by stage. A lane that becomes free takes from the latest stage of its crew that has any, several at a
/// time where a stage gains from that, but leaves the other lanes their share.
struct StageScheduleStateMachine<Item: Sendable>: Sendable {
    /// A lane's assignment.
    struct Run: Sendable {
        let stage: Stage
        let items: [Item]
    }

    /// What to do after a post was queued.
    enum AddAction {
        /// An idle lane takes it at once.
        case start(lane: Int, Run)
        /// All lanes are busy; one will ask.
        case none
    }

    private let width: [Int]
    private let batch: Int
    private var idle: [[Int]]
    private var waiting: [Deque<Item>]
    private var cancelled = false

    /// The largest number of posts that ever waited for each stage, by `Stage.rawValue`.
    private(set) var deepest: [Int]

    init(compute: Int, decode: Int, batch: Int) {
        precondition(compute > 0 && decode > 0 && batch > 0, "a crew needs a lane, and a lane a post")
        self.batch = batch
        width = [compute, decode]
        // Reversed, so that lane 0 is the first to be taken, and a lane used last (warm caches) the next.
        idle = width.map { Array((0..<$0).reversed()) }
        waiting = Array(repeating: [], count: Stage.allCases.count)
        deepest = Array(repeating: 0, count: Stage.allCases.count)
    }

    /// Posts that wait for a stage now.
    func depth(of stage: Stage) -> Int { waiting[stage.rawValue].count }

    /// A post is ready for a stage.
    mutating func add(_ item: Item, to stage: Stage) -> AddAction {
        guard !cancelled else { return .none }
        if let lane = idle[stage.crew.rawValue].popLast() {
            return .start(lane: lane, Run(stage: stage, items: [item]))
        }
        waiting[stage.rawValue].append(item)
        deepest[stage.rawValue] = max(deepest[stage.rawValue], depth(of: stage))
        return .none
    }

    /// A lane has done its run. It gets the next one, or goes idle.
    mutating func next(lane: Int, of crew: Crew) -> Run? {
        for stage in crew.stages where !waiting[stage.rawValue].isEmpty {
            let share = (depth(of: stage) + width[crew.rawValue] - 1) / width[crew.rawValue]
            let count = stage.takesBatches ? min(share, batch) : 1
            let items = Array(waiting[stage.rawValue].prefix(count))
            waiting[stage.rawValue].removeFirst(count)
            return Run(stage: stage, items: items)
        }
        idle[crew.rawValue].append(lane)
        return nil
    }

    /// Drops what waits; lanes finish the run they are in.
    mutating func cancel() {
        cancelled = true
        for stage in waiting.indices { waiting[stage] = [] }
    }
}
