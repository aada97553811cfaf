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

    /// The object, without a newline.
    var json: String {
        let seconds = Double(elapsed) / 1e9
        return object([
            ("posts", "\(tally.posts)"),
            ("triples", "\(tally.triples)"),
            ("empty_lines", "\(tally.emptyLines)"),
            ("errors", counts(tally.errors)),
            ("warnings", counts(tally.warnings)),
            ("decodes", "\(tally.decodes)"),
            ("seconds", decimal(seconds)),
            ("posts_per_second", decimal(seconds > 0 ? Double(tally.posts) / seconds : 0)),
            ("latency_ms", latency),
            ("stages", stages),
            ("alive", "\(alive)"),
            ("window", "\(window)"),
            ("jobs", "\(jobs)"),
            ("peak_memory_bytes", "\(Self.peakMemory())"),
        ])
    }

    private var latency: String {
        object([
            ("p50", milliseconds(tally.latency.quantile(0.50))),
            ("p95", milliseconds(tally.latency.quantile(0.95))),
            ("p99", milliseconds(tally.latency.quantile(0.99))),
            ("max", milliseconds(tally.latency.longest)),
        ])
    }

    private var stages: String {
        let scheduled = depths.map { depth in
            ("\(depth.stage)", clock(tally.stages[depth.stage.rawValue], depth: depth.now, deepest: depth.deepest))
        }
        return object(
            [("parse", clock(tally.parse))] + scheduled.reversed() + [("write", clock(tally.write))])
    }

    private func clock(_ clock: Statistics.Clock, depth: Int? = nil, deepest: Int? = nil) -> String {
        var members = [
            ("posts", "\(clock.posts)"),
            ("runs", "\(clock.runs)"),
            ("seconds", decimal(Double(clock.nanoseconds) / 1e9)),
        ]
        if let depth { members.append(("depth", "\(depth)")) }
        if let deepest { members.append(("deepest", "\(deepest)")) }
        return object(members)
    }

    /// The most memory that this process ever had resident, in bytes.
    ///
    /// Not what getrusage(2) tells: that number is inherited from whoever started the program.
    static func peakMemory() -> Int {
        let kilobytes = KernelFile.value(of: "VmHWM", in: "/proc/self/status")?.split(separator: " ").first
        return kilobytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }

    private func counts(_ counts: [String: Int]) -> String {
        object(counts.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
    }

    /// Names and codes are ours and need no escapes.
    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func milliseconds(_ nanoseconds: UInt64) -> String { decimal(Double(nanoseconds) / 1e6) }

    private func decimal(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
