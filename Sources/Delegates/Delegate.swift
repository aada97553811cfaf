import Synchronization

/// What becomes of a question.
package typealias DelegateOutcome = Result<DelegateReply, DelegateFailure>

/// Somebody who can be asked.
package protocol Delegate: Sendable {
    /// Asks some questions, and never waits. `then` gets what became of each, in their order, once all are over: at once,
    /// or later on another thread.
    func ask(_ requests: [DelegateRequest], then: @escaping @Sendable ([DelegateOutcome]) -> Void)

    /// The stream ends: what is open is waited for a short while, and nothing more is asked.
    func hurry()

    /// Nothing will be asked any more, and nobody waits for what is open, which fails. Returns after that.
    func close()

    /// What has become of questions so far.
    var counts: DelegateCounts { get }
}

/// What has become of questions.
package struct DelegateCounts: Sendable, Equatable {
    /// Questions.
    package var asked = 0
    /// Of those, how many an earlier run had answered.
    package var recorded = 0
    /// Of those, how many the outside model answered.
    package var answered = 0
    /// How many came to nothing, by the reason.
    package var failures: [String: Int] = [:]
    /// How often the program was started.
    package var starts = 0

    /// Nothing was asked yet.
    package init() {}
}

/// Outcomes of some questions, until all are there.
final class Gathering: Sendable {
    private let outcomes: Mutex<(all: [DelegateOutcome?], missing: Int)>
    private let then: @Sendable ([DelegateOutcome]) -> Void

    init(_ count: Int, then: @escaping @Sendable ([DelegateOutcome]) -> Void) {
        outcomes = Mutex((Array(repeating: nil, count: count), count))
        self.then = then
    }

    /// Takes the outcome of one question; each has one.
    func put(_ outcome: DelegateOutcome, at place: Int) {
        let all: [DelegateOutcome]? = outcomes.withLock { outcomes in
            guard outcomes.all[place] == nil else { return nil }
            outcomes.all[place] = outcome
            outcomes.missing -= 1
            return outcomes.missing == 0 ? outcomes.all.compactMap(\.self) : nil
        }
        if let all { then(all) }
    }
}
