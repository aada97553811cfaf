/// Posts on their way through the stages, on the lanes of some crews.
///
/// ``add(_:to:perform:)`` never waits; what bounds the number of posts in here is the ``OrderedWindow`` around it.
///
/// Cancellation: ``cancel()`` drops what waits. A run that has begun goes on to its end.
struct StageSchedule<Item: Sendable>: Sendable {
    /// Does a stage's work for some posts, on the lane with the given number of the stage's crew.
    typealias Perform = @Sendable (_ stage: Stage, _ lane: Int, _ items: [Item]) -> Void

    /// How many posts wait for a stage.
    struct Depth: Sendable {
        let stage: Stage
        let now: Int
        let deepest: Int
    }

    private let storage: StageScheduleStorage<Item>

    /// Crews, of which each stage is served by one.
    init(_ crews: [Crew]) { storage = StageScheduleStorage(crews) }

    /// Queues a post for a stage. A lane that this wakes uses `perform` until it is idle again.
    func add(_ item: Item, to stage: Stage, perform: @escaping Perform) {
        storage.add(item, to: stage, perform: perform)
    }

    /// Queue depths, stage by stage.
    func depths() -> [Depth] { storage.depths() }

    /// Drops what waits.
    func cancel() { storage.cancel() }
}
