import Subprocess

/// What came of the tries of one case.
struct Tally: Sendable {
    private(set) var tries = 0
    private(set) var damage = Damage()
    /// Programs that ended otherwise than they promise, by a signal of their own making above all.
    private(set) var crashed = 0
    private(set) var hung = 0
    /// The longest that one try took.
    private(set) var worst = Duration.zero
    /// The most memory that one program had, in bytes.
    private(set) var peak = 0
    /// What was wrong, in words, with the number of the try: the seed and that make it happen again.
    private(set) var findings: [String] = []
    /// What else was measured.
    private(set) var remarks: [String] = []
    /// How often something happened that the tries are there for.
    private(set) var events: [String: Int] = [:]

    /// Whether nothing was wrong.
    var isClean: Bool { damage.isNone && crashed == 0 && hung == 0 && findings.isEmpty }

    /// Counts a try, which findings will be told of.
    mutating func begin(_ number: Int) { tries = max(tries, number + 1) }

    /// Says what was wrong.
    mutating func find(_ what: String) { findings.append("try \(tries - 1): \(what)") }

    /// Says what was seen where nothing is wrong.
    mutating func remark(_ what: String) { remarks.append(what) }

    /// Says how often something happened that the tries are there for; a case in which it never does shows nothing.
    mutating func note(_ event: String, _ count: Int = 1) { events[event, default: 0] += count }

    /// Looks back on all tries.
    mutating func finish() {
        for (event, count) in events.sorted(by: { $0.key < $1.key }) {
            if count == 0 { findings.append("\(event): none") } else { remark("\(event): \(count)") }
        }
    }

    /// Takes the end of a program into account.
    ///
    /// - Parameters:
    ///   - expected: How it may end; anything else counts as a crash.
    ///   - measured: Whether its time and memory as a whole count.
    mutating func count(
        _ ending: Ending, expected: Set<TerminationStatus>, _ what: String = "", measured: Bool = true
    ) {
        if measured { measure(ending.time, ending.peakMemory) }
        if ending.isHung {
            hung += 1
            find("\(what) still there after \(ending.time), \(ending.messages)")
        } else if !expected.contains(ending.status) {
            crashed += 1
            find("\(what) ended with \(ending.status), \(ending.messages)")
        }
    }

    /// Takes output into account.
    mutating func count(_ damage: Damage, _ what: String = "") {
        guard !damage.isNone else { return }
        self.damage += damage
        find("\(what) \(damage)")
    }

    /// Takes time and memory into account.
    mutating func measure(_ time: Duration, _ memory: Int = 0) {
        worst = max(worst, time)
        peak = max(peak, memory)
    }
}

/// What is wrong with an output, in lines.
struct Damage: Equatable, CustomStringConvertible {
    var lost = 0
    var duplicated = 0
    /// Cut, joined or changed.
    var torn = 0

    var isNone: Bool { self == Damage() }
    var description: String { "\(lost) lost, \(duplicated) duplicated, \(torn) torn" }

    static func += (left: inout Damage, right: Damage) {
        left.lost += right.lost
        left.duplicated += right.duplicated
        left.torn += right.torn
    }
}
