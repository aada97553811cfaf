import DequeModule

/// Which lane works on which posts next: the rules without threads.
///
/// Posts wait by stage. A lane that becomes free takes from the latest stage of its crew that has any, several at a
/// time where a stage gains from that, but leaves the other lanes their share.
struct StageScheduleStateMachine<Item: Sendable>: Sendable {
    /// A lane of one of the crews.
    struct Lane: Sendable, Hashable {
        /// The crew's place in the list.
        let crew: Int
        /// The lane's number in its crew.
        let number: Int
    }

    /// A lane's assignment.
    struct Run: Sendable {
        let stage: Stage
        let items: [Item]
    }

    /// What to do after a post was queued.
    enum AddAction {
        /// An idle lane takes it at once.
        case start(Lane, Run)
        /// All lanes are busy; one will ask.
        case none
    }

    private let crews: [Crew]
    /// The place in the list of the crew that serves a stage, by `Stage.rawValue`.
    private let server: [Int]
    /// Numbers of the lanes without work, crew by crew.
    private var idle: [[Int]]
    private var waiting: [Deque<Item>]
    private var cancelled = false

    /// The largest number of posts that ever waited for each stage, by `Stage.rawValue`.
    private(set) var deepest: [Int]

    /// Nobody works yet. Every stage must be served by one of the crews, and by no other.
    init(_ crews: [Crew]) {
        precondition(
            crews.allSatisfy { $0.width > 0 && $0.batch > 0 }, "a crew needs a lane, and a lane a post")
        self.crews = crews
        server = Stage.allCases.map { stage in
            let servers = crews.indices.filter { crews[$0].stages.contains(stage) }
            precondition(servers.count == 1, "one crew serves a stage, not \(servers.count): \(stage)")
            return servers[0]
        }
        // Reversed, so that lane 0 is the first to be taken, and a lane used last (warm caches) the next.
        idle = crews.map { Array((0..<$0.width).reversed()) }
        waiting = Array(repeating: [], count: Stage.allCases.count)
        deepest = Array(repeating: 0, count: Stage.allCases.count)
    }

    /// Posts that wait for a stage now.
    func depth(of stage: Stage) -> Int { waiting[stage.rawValue].count }

    /// A post is ready for a stage.
    mutating func add(_ item: Item, to stage: Stage) -> AddAction {
        guard !cancelled else { return .none }
        let crew = server[stage.rawValue]
        if let number = idle[crew].popLast() {
            return .start(Lane(crew: crew, number: number), Run(stage: stage, items: [item]))
        }
        waiting[stage.rawValue].append(item)
        deepest[stage.rawValue] = max(deepest[stage.rawValue], depth(of: stage))
        return .none
    }

    /// A lane has done its run. It gets the next one, or goes idle.
    mutating func next(_ lane: Lane) -> Run? {
        let crew = crews[lane.crew]
        for stage in crew.stages where !waiting[stage.rawValue].isEmpty {
            let share = (depth(of: stage) + crew.width - 1) / crew.width
            let count = stage.takesBatches ? min(share, crew.batch) : 1
            let items = Array(waiting[stage.rawValue].prefix(count))
            waiting[stage.rawValue].removeFirst(count)
            return Run(stage: stage, items: items)
        }
        idle[lane.crew].append(lane.number)
        return nil
    }

    /// Drops what waits; lanes finish the run they are in.
    mutating func cancel() {
        cancelled = true
        for stage in waiting.indices { waiting[stage] = [] }
    }
}
