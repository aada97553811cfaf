import Delegates
import JSON
import SystemPackage

/// The one JSON object that `--stats` prints.
struct StatisticsReport {
    let tally: Statistics.Tally
    /// Nanoseconds since the stream began.
    let elapsed: UInt64
    let depths: [StageSchedule<Journey>.Depth]
    /// Posts admitted and not yet written.
    let alive: Int
    let window: Int
    let jobs: Int
    /// What the process has given up.
    let sandbox: [String]
    /// What became of questions to an outside model; `nil` where there is none.
    let delegate: DelegateCounts?

    /// The object, without a newline.
    var json: String {
        let seconds = Double(elapsed) / 1e9
        var report: [JSONValue.Member] = [
            .init("posts", .integer(tally.posts)),
            .init("triples", .integer(tally.triples)),
            .init("empty_lines", .integer(tally.emptyLines)),
            .init("errors", counts(tally.errors)),
            .init("warnings", counts(tally.warnings)),
            .init("decodes", .integer(tally.decodes)),
            .init("seconds", .number(seconds, decimals: 3)),
            .init("posts_per_second", .number(seconds > 0 ? Double(tally.posts) / seconds : 0, decimals: 3)),
            .init("latency_ms", latency),
            .init("stages", stages),
            .init("alive", .integer(alive)),
            .init("window", .integer(window)),
            .init("jobs", .integer(jobs)),
            .init("sandbox", .array(sandbox.map { .string($0) })),
            .init("peak_memory_bytes", .integer(Self.peakMemory())),
        ]
        if let delegate { report.append(.init("delegate", questions(delegate))) }
        var bytes: [UInt8] = []
        JSONValue.object(report).write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func questions(_ counts: DelegateCounts) -> JSONValue {
        .object([
            .init("asked", .integer(counts.asked)),
            .init("recorded", .integer(counts.recorded)),
            .init("answered", .integer(counts.answered)),
            .init("failures", self.counts(counts.failures)),
            .init("corrections", self.counts(tally.corrections)),
            .init("turns", .object(tally.turns.sorted { $0.key < $1.key }.map { .init("\($0)", .integer($1)) })),
            .init("unused", .integer(tally.unusedQuestions)),
            .init("starts", .integer(counts.starts)),
        ])
    }

    private var latency: JSONValue {
        .object([
            .init("p50", milliseconds(tally.latency.quantile(0.50))),
            .init("p95", milliseconds(tally.latency.quantile(0.95))),
            .init("p99", milliseconds(tally.latency.quantile(0.99))),
            .init("max", milliseconds(tally.latency.longest)),
        ])
    }

    private var stages: JSONValue {
        let scheduled = depths.map { depth in
            JSONValue.Member(
                "\(depth.stage)",
                clock(tally.stages[depth.stage.rawValue], depth: depth.now, deepest: depth.deepest))
        }
        return .object(
            [.init("parse", clock(tally.parse))] + scheduled.reversed() + [.init("write", clock(tally.write))])
    }

    private func clock(_ clock: Statistics.Clock, depth: Int? = nil, deepest: Int? = nil) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("posts", .integer(clock.posts)),
            .init("runs", .integer(clock.runs)),
            .init("seconds", .number(Double(clock.nanoseconds) / 1e9, decimals: 3)),
        ]
        if let depth { members.append(.init("depth", .integer(depth))) }
        if let deepest { members.append(.init("deepest", .integer(deepest))) }
        return .object(members)
    }

    /// The most memory that this process ever had resident, in bytes.
    ///
    /// Not what getrusage(2) tells: that number is inherited from whoever started the program.
    static func peakMemory() -> Int {
        let kilobytes = KernelFile.value(of: "VmHWM", in: "/proc/self/status")?.split(separator: " ").first
        return kilobytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }

    private func counts(_ counts: [String: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })
    }

    private func milliseconds(_ nanoseconds: UInt64) -> JSONValue { .number(Double(nanoseconds) / 1e6, decimals: 3) }
}
