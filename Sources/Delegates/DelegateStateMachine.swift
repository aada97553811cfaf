import DequeModule
import Descriptors

/// What is asked when, and what becomes of it: the rules without threads, program or clock. Moments are nanoseconds of a
/// clock that never goes back.
///
/// - A question has one deadline for all its tries. One that fails before is asked again, each time after twice the wait.
/// - Where the program dies with several questions open, nobody knows which it died of: they are asked again one at a time
///   until it answers, so that one bad question costs no other its answer.
struct DelegateStateMachine: Sendable {
    private struct Question {
        let deadline: UInt64
        var tries = 0
        var isOut = false
    }

    /// A question that has come to nothing.
    struct Loss: Equatable {
        let id: Int
        let failure: DelegateFailure
    }

    /// The most deaths in a row, without an answer between, after which the program is left alone for a while.
    private static let deaths = 3
    /// Lines in a row that answer no question, after which the program is taken to have lost its mind.
    private static let strays = 1000
    private static let longestWait: UInt64 = 30_000_000_000

    private let limits: DelegateLimits
    private var questions: [Int: Question] = [:]
    /// Open questions in the order of their deadlines, and some that are no more.
    private var byDeadline: Deque<Int> = []
    /// Questions that may go out.
    private var ready: Deque<Int> = []
    /// Questions to be asked again, and when.
    private var delayed: [(id: Int, at: UInt64)] = []
    private var out = 0
    private var lastID = 0
    private(set) var breaker: CircuitBreaker
    private var minute: (start: UInt64, asked: Int)?
    private var hurry: UInt64?

    private var isRunning = false
    private var hasReplied = false
    private var deaths = 0
    private var silences = 0
    private var strays = 0
    private var isWary = false
    private var restart: UInt64 = 0

    init(_ limits: DelegateLimits) {
        self.limits = limits
        breaker = CircuitBreaker(
            failures: limits.failures, pause: limits.pause.nanoseconds, longestPause: 60 * limits.pause.nanoseconds)
    }

    /// Whether no question is open.
    var isIdle: Bool { questions.isEmpty }

    // MARK: Questions

    /// Takes a question; returns its number.
    mutating func ask(now: UInt64) throws(DelegateFailure) -> Int {
        if hurry != nil { throw .closed }
        guard breaker.mightAdmit(now: now) else { throw .open }
        guard spend(now: now) else { throw .budget }
        _ = breaker.admits(now: now)
        lastID += 1
        questions[lastID] = Question(deadline: now &+ limits.timeout.nanoseconds)
        byDeadline.append(lastID)
        ready.append(lastID)
        return lastID
    }

    /// The question that goes out next, and until when its answer is waited for; `nil` if none may now.
    mutating func next(now: UInt64) -> (id: Int, deadline: UInt64)? {
        guard isRunning, out < (isWary ? 1 : limits.atOnce) else { return nil }
        delayed.removeAll { again in
            guard again.at <= now else { return false }
            ready.append(again.id)
            return true
        }
        while let id = ready.popFirst() {
            guard questions[id] != nil else { continue }
            questions[id]?.isOut = true
            out += 1
            return questions[id].map { (id, deadline($0)) }
        }
        return nil
    }

    /// The program has said something about a question; `isAnswer` if it can be used. Returns what that ends: an answered
    /// question, or a lost one; nothing if it is asked again, or was none.
    mutating func replied(_ id: Int, isAnswer: Bool, now: UInt64) -> (answered: Bool, loss: Loss?) {
        // A late answer to an earlier try is one as well, while the question waits for its next.
        guard let question = questions[id], question.isOut || isAnswer else {
            strays += 1
            return (false, nil)
        }
        (hasReplied, isWary, deaths, silences, strays) = (true, false, 0, 0, 0)
        if isAnswer {
            remove(id)
            breaker.succeeded()
            return (true, nil)
        }
        return (false, tryAgain(id, now: now))
    }

    /// The program has written something that belongs to no question.
    mutating func strayed() { strays += 1 }

    /// Whether it writes more of that than a sane one would.
    var isFlooded: Bool { strays >= Self.strays }

    /// Questions whose time is over; and whether the program should be ended, as it says nothing any more.
    mutating func expire(now: UInt64) -> (losses: [Loss], ends: Bool) {
        var losses: [Loss] = []
        var opened = false
        while let id = byDeadline.first {
            if let question = questions[id] {
                guard deadline(question) <= now else { break }
                losses.append(Loss(id: id, failure: hurry == nil ? .timeout : .closed))
                remove(id)
                if hurry == nil, breaker.fail(now: now) { opened = true }
            }
            byDeadline.removeFirst()
        }
        guard opened else { return (losses, false) }
        silences += 1
        losses += refuseWaiting()
        // One that has yet to say its first word may still be loading its weights.
        return (losses, isRunning && silences >= (hasReplied ? 1 : Self.deaths))
    }

    // MARK: The program

    /// Whether it should be started now.
    func wantsStart(now: UInt64) -> Bool { !isRunning && !questions.isEmpty && now >= restart }

    /// It runs.
    mutating func started() {
        (isRunning, hasReplied, strays, silences) = (true, false, 0, 0)
    }

    /// It has ended, or could not be started. Returns questions that are lost with it.
    mutating func ended(now: UInt64) -> [Loss] {
        isRunning = false
        deaths += 1
        restart = now &+ wait(after: deaths)
        let open = questions.filter(\.value.isOut).keys.sorted()
        var losses: [Loss] = []
        if open.count == 1 {
            if let loss = tryAgain(open[0], now: now) { losses.append(loss) }
        } else {
            for id in open.reversed() {
                putBack(id)
                ready.prepend(id)
            }
        }
        isWary = true
        if deaths >= Self.deaths || breaker.state == .trying {
            breaker.trip(now: now)
            losses += refuseWaiting()
        }
        return losses
    }

    /// The stream ends: nothing more is asked, and what is open is waited for until `end`.
    mutating func hurry(until end: UInt64) { hurry = min(hurry ?? .max, end) }

    /// When something is due next; `nil` if nothing is.
    func wake(now: UInt64) -> UInt64? {
        guard !questions.isEmpty else { return nil }
        var moments = delayed.map(\.at)
        if let id = byDeadline.first(where: { questions[$0] != nil }), let question = questions[id] {
            moments.append(deadline(question))
        }
        if !isRunning { moments.append(restart) }
        return moments.min().map { max($0, now) }
    }

    // MARK: Inside

    private func deadline(_ question: Question) -> UInt64 { min(question.deadline, hurry ?? .max) }

    private mutating func remove(_ id: Int) {
        putBack(id)
        questions[id] = nil
    }

    private mutating func putBack(_ id: Int) {
        if questions[id]?.isOut == true { out -= 1 }
        questions[id]?.isOut = false
    }

    /// Has a question asked again later, or gives it up.
    private mutating func tryAgain(_ id: Int, now: UInt64) -> Loss? {
        guard let question = questions[id] else { return nil }
        putBack(id)
        questions[id]?.tries = question.tries + 1
        let at = now &+ wait(after: question.tries + 1)
        if question.tries < limits.retries, at < deadline(question), breaker.state == .closed, spend(now: now) {
            delayed.append((id, at))
            return nil
        }
        remove(id)
        delayed.removeAll { $0.id == id }
        _ = breaker.fail(now: now)
        return Loss(id: id, failure: .failed)
    }

    /// Gives up what has not gone out.
    private mutating func refuseWaiting() -> [Loss] {
        let waiting = questions.filter { !$0.value.isOut }.keys.sorted()
        for id in waiting { questions[id] = nil }
        (ready, delayed) = ([], [])
        return waiting.map { Loss(id: $0, failure: .open) }
    }

    /// Half a second, one, two, …
    private func wait(after failures: Int) -> UInt64 {
        min(limits.backOff.nanoseconds << UInt64(min(failures - 1, 16)), Self.longestWait)
    }

    /// Takes a question from this minute's budget.
    private mutating func spend(now: UInt64) -> Bool {
        guard let most = limits.perMinute else { return true }
        var current = minute ?? (now, 0)
        if now &- current.start >= 60_000_000_000 { current = (now, 0) }
        guard current.asked < most else { return false }
        minute = (current.start, current.asked + 1)
        return true
    }
}
