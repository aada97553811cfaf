import Delegates
extension Pipeline {
    /// What the stream has done so far: one JSON object, without a newline.
    package var report: String {
        StatisticsReport(
            tally: statistics.snapshot(), elapsed: statistics.elapsed, depths: schedule.depths(), alive: window.alive,
            window: plan.window, jobs: plan.jobs, sandbox: plan.sandbox,
            delegate: plan.consultation?.delegate.counts
        ).json
    }

    /// The stream as a ``Watch`` sees it.
    package var look: Watch.Look {
        let (tally, alive) = (statistics.snapshot(), window.alive)
        let metrics = MetricsReport(
            tally: tally, elapsed: statistics.elapsed, idle: statistics.elapsed - tally.lastWrite,
            depths: schedule.depths(), alive: alive, window: plan.window,
            delegate: plan.consultation?.delegate.counts)
        return Watch.Look(metrics: metrics.text, posts: tally.posts, alive: alive, isWriting: tally.isWriting)
    }

    /// Answers written so far, errors included.
    package var answered: Int { statistics.snapshot().posts }

    /// Records without an answer so far.
    package var failedRecords: Int { statistics.snapshot().failedRecords }

    /// What there is to say where no record at all has an answer: then it is rarely the records' fault.
    package var failure: String? {
        let tally = statistics.snapshot()
        guard let first = tally.firstFailure, tally.failedRecords == tally.posts else { return nil }
        return tally.posts == 1
            ? "the only record has no answer: \(first)"
            : "none of the \(tally.posts) records has an answer; the first: \(first)"
    }

    /// Failures so far that are ours and not a record's.
    package var internalFaults: Int { statistics.snapshot().internalFaults }

    /// One line for people: posts, rate, errors.
    package var progress: String {
        let tally = statistics.snapshot()
        let seconds = max(Double(statistics.elapsed) / 1e9, 1e-3)
        let rate = (Double(tally.posts) / seconds * 10).rounded() / 10
        return "\(tally.posts) posts, \(rate)/s, \(tally.failedRecords) errors"
    }
}
