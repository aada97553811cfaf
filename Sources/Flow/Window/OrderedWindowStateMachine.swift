import DequeModule

/// Who may go on in a bounded, ordered window: the rules without locks, threads or clocks.
///
/// Three parties meet here. The *reader* admits posts, *workers* complete them in any order, the *writer* takes
/// answers in input order and reports them written. A post is alive from its admission until its answer is written,
/// and never more than `capacity` are alive.
///
/// Every event is a mutating function whose result says what the caller has to do. A party that is told to wait is
/// remembered, and the event that ends its wait names it in a ``Wake``.
struct OrderedWindowStateMachine<Answer> {
    /// Parties to wake after an event.
    enum Wake: Equatable {
        case nobody
        case reader
        case writer
        case both
    }

    /// What the reader does next.
    enum AdmitAction: Equatable {
        /// Go on with the post under this sequence number.
        case admitted(Int)
        /// The window is full.
        case wait
        /// Nothing more is taken.
        case refused
    }

    /// What is to be done after an answer was handed in.
    enum CompleteAction: Equatable {
        case wake(Wake)
        /// The post is not being worked on: it never was, or has its answer. The first answer counts.
        case refused
    }

    /// What the writer does next.
    enum TakeAction {
        /// Write these answers, then report them written.
        case write([Answer])
        /// No answer is due yet.
        case wait
        /// Every admitted post has been answered, and no more will come.
        case finished
        /// The window was cancelled; answers that are left are void.
        case cancelled
    }

    private enum Phase {
        case open
        case closed
        case cancelled
    }

    private let capacity: Int
    private let ordered: Bool
    private var phase = Phase.open
    /// The sequence number of the next admission.
    private var next = 0
    /// The sequence numbers of posts that wait for their answers.
    private var working: Set<Int> = []
    /// The sequence number that `pending` starts with.
    private var oldest = 0
    /// Answers from `oldest` on, `nil` where the work is not done. Stays empty in an unordered window.
    private var pending: Deque<Answer?> = []
    /// Answers that may be written, in the order in which they will be.
    private var due: [Answer] = []
    /// Answers that the writer has taken and not yet written.
    private var taken = 0
    private var readerWaits = false
    private var writerWaits = false

    /// Posts admitted and not yet written.
    private(set) var alive = 0

    /// A window of at most `capacity` posts; `ordered` keeps answers in the order of admission.
    init(capacity: Int, ordered: Bool) {
        precondition(capacity > 0, "a window needs room for one post")
        self.capacity = capacity
        self.ordered = ordered
    }

    /// The reader holds a post and wants it in.
    mutating func admit() -> AdmitAction {
        guard phase == .open else { return .refused }
        guard alive < capacity else {
            readerWaits = true
            return .wait
        }
        alive += 1
        defer { next += 1 }
        working.insert(next)
        if ordered { pending.append(nil) }
        return .admitted(next)
    }

    /// A worker has the answer to an admitted post. Each sequence number completes once.
    mutating func complete(_ sequence: Int, with answer: Answer) -> CompleteAction {
        guard working.remove(sequence) != nil else { return .refused }
        guard phase != .cancelled else { return .wake(.nobody) }
        if ordered {
            pending[sequence - oldest] = .some(answer)
            while let first = pending.first, let answer = first {
                due.append(answer)
                pending.removeFirst()
                oldest += 1
            }
        } else {
            due.append(answer)
        }
        return .wake(due.isEmpty ? .nobody : wake(writer: true))
    }

    /// The writer has nothing left to write.
    mutating func take() -> TakeAction {
        guard phase != .cancelled else { return .cancelled }
        guard due.isEmpty else {
            defer { due = [] }
            taken += due.count
            return .write(due)
        }
        guard phase == .open || alive > 0 else { return .finished }
        writerWaits = true
        return .wait
    }

    /// The writer has written `count` of the answers that it took: their places are free.
    mutating func written(_ count: Int) -> Wake {
        precondition(count <= taken, "\(count) answers were written, and \(taken) taken")
        taken -= count
        alive -= count
        return wake(reader: true)
    }

    /// No more posts will be admitted; those alive are still answered.
    mutating func close() -> Wake {
        guard phase == .open else { return .nobody }
        phase = .closed
        return wake(reader: true, writer: true)
    }

    /// Nothing more is admitted or answered.
    mutating func cancel() -> Wake {
        phase = .cancelled
        pending = []
        due = []
        return wake(reader: true, writer: true)
    }

    private mutating func wake(reader: Bool = false, writer: Bool = false) -> Wake {
        let wakesReader = reader && readerWaits
        let wakesWriter = writer && writerWaits
        if wakesReader { readerWaits = false }
        if wakesWriter { writerWaits = false }
        return switch (wakesReader, wakesWriter) {
        case (false, false): .nobody
        case (true, false): .reader
        case (false, true): .writer
        case (true, true): .both
        }
    }
}
