extension Pipeline {
    /// What the stream has done so far: one JSON object, without a newline.
    public var report: String {
        StatisticsReport(
            tally: statistics.snapshot(), elapsed: statistics.elapsed, depths: schedule.depths(), alive: window.alive,
            window: plan.window, jobs: plan.jobs
        ).json
    }

    /// Records without an answer so far.
    public var failedRecords: Int { statistics.snapshot().failedRecords }

    /// Failures so far that are ours and not a record's.
    public var internalFaults: Int { statistics.snapshot().internalFaults }

    /// One line for people: posts, rate, errors.
    public var progress: String {
        let tally = statistics.snapshot()
        let seconds = max(Double(statistics.elapsed) / 1e9, 1e-3)
        let rate = (Double(tally.posts) / seconds * 10).rounded() / 10
        return "\(tally.posts) posts, \(rate)/s, \(tally.failedRecords) errors"
    }
}
