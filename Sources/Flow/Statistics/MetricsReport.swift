import Delegates

/// What a stream has done, as Prometheus reads it (text format 0.0.4): from a file, say, that `node_exporter` collects.
struct MetricsReport {
    let tally: Statistics.Tally
    /// Nanoseconds since the stream began.
    let elapsed: UInt64
    /// Nanoseconds since the last answer was written, or since the stream began.
    let idle: UInt64
    let depths: [StageSchedule<Journey>.Depth]
    /// Posts admitted and not yet written.
    let alive: Int
    let window: Int
    /// What became of questions to an outside model; `nil` where there is none.
    let delegate: DelegateCounts?

    /// The text: each metric with its help and type.
    var text: String {
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            text += "# HELP gmner_\(name) \(help)\n# TYPE gmner_\(name) \(type)\n"
            for (labels, value) in samples { text += "gmner_\(name)\(labels) \(value)\n" }
        }
        metric("posts_total", "counter", "Answers written, errors included.", [("", "\(tally.posts)")])
        metric("triples_total", "counter", "Entities in them.", [("", "\(tally.triples)")])
        metric("errors_total", "counter", "Records without an answer.", counts(tally.errors))
        metric("warnings_total", "counter", "Parts of posts that could not be used.", counts(tally.warnings))
        if let delegate {
            metric("delegate_questions_total", "counter", "Questions to the delegate.", [("", "\(delegate.asked)")])
            metric(
                "delegate_recorded_total", "counter", "Those that the record answered.", [("", "\(delegate.recorded)")])
            metric(
                "delegate_answered_total", "counter", "Those that the delegate answered.",
                [("", "\(delegate.answered)")])
            metric("delegate_failures_total", "counter", "Those without an answer.", counts(delegate.failures))
            metric(
                "delegate_unused_total", "counter", "Questions that were asked early, and for nothing.",
                [("", "\(tally.unusedQuestions)")])
            metric(
                "consulted_posts_total", "counter", "Posts that it was asked about, by how often they waited for it.",
                tally.turns.sorted { $0.key < $1.key }.map { ("{turns=\"\($0)\"}", "\($1)") })
            metric("corrections_total", "counter", "Mentions that it corrected.", counts(tally.corrections))
            metric("delegate_starts_total", "counter", "Starts of the delegate.", [("", "\(delegate.starts)")])
        }
        metric("internal_faults_total", "counter", "Faults of the program.", [("", "\(tally.internalFaults)")])
        metric(
            "stage_seconds_total", "counter", "Time spent in each stage.",
            Stage.allCases.reversed().map {
                ("{stage=\"\($0)\"}", seconds(tally.stages[$0.rawValue].nanoseconds))
            })
        metric(
            "waiting_posts", "gauge", "Posts that wait for a stage.",
            depths.map { ("{stage=\"\($0.stage)\"}", "\($0.now)") })
        metric("alive_posts", "gauge", "Posts between input and output.", [("", "\(alive)")])
        metric("window_posts", "gauge", "The most posts that may be there.", [("", "\(window)")])
        metric(
            "latency_seconds", "gauge", "From a post's admission until its answer was written, by quantile.",
            [0.5, 0.95, 0.99].map { ("{quantile=\"\($0)\"}", seconds(tally.latency.quantile($0))) })
        metric("idle_seconds", "gauge", "Since the last answer was written.", [("", seconds(idle))])
        metric("running_seconds", "gauge", "Since the stream began.", [("", seconds(elapsed))])
        metric(
            "peak_memory_bytes", "gauge", "The most memory that was resident.",
            [("", "\(StatisticsReport.peakMemory())")])
        return text
    }

    private func counts(_ counts: [String: Int]) -> [(labels: String, value: String)] {
        counts.sorted { $0.key < $1.key }.map { ("{code=\"\($0.key)\"}", "\($0.value)") }
    }

    private func seconds(_ nanoseconds: UInt64) -> String { "\(Double(nanoseconds) / 1e9)" }
}
