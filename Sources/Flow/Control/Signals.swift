public import Dispatch
import Glibc
import Synchronization

/// The signals that a filter has to do with.
///
/// They are blocked in every thread and come out of Dispatch instead, where ordinary code may run.
public final class Signals: Sendable {
    /// These end the stream.
    private static let terminating = [SIGHUP, SIGINT, SIGTERM]
    /// This one asks how it goes.
    private static let asking = SIGUSR1

    /// What the process inherited for the signals that are ours to arrange.
    public struct Inherited: Sendable {
        /// Whether SIGPIPE was ignored: then a reader that goes away is an error like others.
        public let ignoresBrokenPipe: Bool
        /// Terminating signals that were not ignored (nohup ignores SIGHUP, and means it).
        fileprivate let terminating: [Int32]
    }

    private let sources: Mutex<[any DispatchSourceSignal]>

    /// Arranges the signals of the process. To be called before there is a second thread.
    ///
    /// A write to a closed pipe, and a write beyond a size limit, become errors of the write.
    public static func arrange() -> Inherited {
        let inherited = Inherited(
            ignoresBrokenPipe: isIgnored(SIGPIPE), terminating: terminating.filter { !isIgnored($0) })
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        mask(SIG_BLOCK, inherited.terminating + [asking])
        return inherited
    }

    /// Starts listening, on a serial queue. The first terminating signal calls `stop`; a second one ends the process
    /// at once. `ask` is called whenever someone asks how it goes.
    public init(
        _ inherited: Inherited, on queue: DispatchQueue, stop: @escaping @Sendable (Int32) -> Void,
        ask: @escaping @Sendable () -> Void
    ) {
        let stopping = Flag()
        var sources = inherited.terminating.map { number in
            Self.source(number, queue) {
                if stopping.raise() { stop(number) } else { _exit(ExitStatus.signal(number).code) }
            }
        }
        sources.append(Self.source(Self.asking, queue, ask))
        self.sources = Mutex(sources)
    }

    /// Ends the process the way a closed pipe ends one.
    public static func dieOfBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        mask(SIG_UNBLOCK, [SIGPIPE])
        raise(SIGPIPE)
        _exit(ExitStatus.signal(SIGPIPE).code)
    }

    private static func source(
        _ number: Int32, _ queue: DispatchQueue, _ handler: @escaping @Sendable () -> Void
    ) -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: handler)
        source.activate()
        return source
    }

    private static func mask(_ how: Int32, _ signals: [Int32]) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(how, &set, nil)
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        // A function pointer cannot be compared; the constant 1 that stands for SIG_IGN can.
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// Goes up once.
private final class Flag: Sendable {
    private let up = Atomic(false)

    /// Whether this call was the first.
    func raise() -> Bool { !up.exchange(true, ordering: .relaxed) }
}
