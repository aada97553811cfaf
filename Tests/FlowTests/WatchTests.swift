import Foundation
import Testing

@testable import Flow

/// What is told of a stream while it runs.
@Suite struct WatchTests {
    private let start = ContinuousClock.now

    private func look(_ posts: Int, alive: Int = 1, isWriting: Bool = false) -> Watch.Look {
        Watch.Look(metrics: "", posts: posts, alive: alive, isWriting: isWriting)
    }

    @Test("A standstill is told once, and again after the stream has moved")
    func standstill() {
        var standstill = Standstill()
        var told: [Int] = []
        for second in 0..<200 {
            let posts = second < 50 ? 3 : 4
            if standstill.message(look(posts), at: start + .seconds(second)) != nil { told.append(second) }
        }
        #expect(told == [30, 80])
    }

    @Test("Nobody is blamed while there is nothing to do, or the output is not read")
    func quiet() {
        var standstill = Standstill()
        for second in 0..<100 { #expect(standstill.message(look(3, alive: 0), at: start + .seconds(second)) == nil) }
        // The first post after a long silence is not late.
        #expect(standstill.message(look(3), at: start + .seconds(100)) == nil)
        for second in 101..<300 {
            #expect(standstill.message(look(3, isWriting: true), at: start + .seconds(second)) == nil)
        }
    }

    @Test("Metrics are what Prometheus reads: a help, a type and samples for each")
    func metrics() throws {
        var tally = Statistics.Tally()
        tally.posts = 7
        tally.errors = ["json.syntax": 2]
        let text = MetricsReport(
            tally: tally, elapsed: 1_500_000_000, idle: 0,
            depths: StageSchedule<Journey>(Plan(jobs: 1).crews).depths(), alive: 3, window: 4, delegate: nil
        ).text
        #expect(text.contains("\ngmner_posts_total 7\n"))
        #expect(text.contains("\ngmner_errors_total{code=\"json.syntax\"} 2\n"))
        #expect(text.contains("\ngmner_running_seconds 1.5\n"))
        #expect(text.contains("gmner_stage_seconds_total{stage=\"decode\"} 0.0\n"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let sample = /gmner_[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+/
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
        }
    }
}
