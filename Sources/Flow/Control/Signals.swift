import Descriptors
import Dispatch
import Glibc
import Reporting
import Synchronization
package import SystemPackage

/// Where the handler writes the numbers of signals that arrive: a descriptor, or −1 before there is one.
private let arrivals = Atomic<Int32>(-1)

/// The signals that a filter has to do with.
///
/// A handler writes each arrival into a pipe, and ordinary code reads them there. Blocking the signals and asking for
/// them with signalfd(2) would be simpler, but OpenBLAS starts a thread before the program's first line, and a
/// signal that this thread does not block would end the process.
package final class Signals: Sendable {
    /// These end the stream.
    private static let terminating = [SIGHUP, SIGINT, SIGTERM]
    /// This one asks how it goes.
    private static let asking = SIGUSR1
    private static let heard = terminating + [asking]

    /// Whether SIGPIPE was ignored when the process began: then a reader that goes away is an error like others.
    package let inheritedIgnoredPipe: Bool
    private let pipe: WakePipe

    /// Arranges the signals of the process. Until ``listen(stop:ask:grace:written:)`` a terminating one ends it at once, as
    /// nothing has been read by then; a question waits.
    ///
    /// A write to a closed pipe, and a write beyond a size limit, become errors of the write.
    package init() throws(Errno) {
        inheritedIgnoredPipe = Self.isIgnored(SIGPIPE)
        pipe = try WakePipe()
        arrivals.store(pipe.writeEnd.rawValue, ordering: .sequentiallyConsistent)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        if !Self.isIgnored(Self.asking) { Self.forward(Self.asking) }
    }

    /// Starts listening, on a thread that nothing else can hold up, which stays for good. A terminating signal that the parent
    /// had ignored stays ignored (nohup means it).
    ///
    /// - Parameters:
    ///   - stop: Called by the first terminating signal. A second one ends the process at once.
    ///   - ask: Called whenever someone asks how it goes.
    ///   - grace: How long nothing may be written after the first, before the process ends all the same: whoever should
    ///     read may be stuck.
    ///   - written: Says how much has been written.
    package func listen(
        stop: @escaping @Sendable (Int32) -> Void, ask: @escaping @Sendable () -> Void, grace: Duration,
        written: @escaping @Sendable () -> Int
    ) {
        let descriptor = pipe.readEnd
        for number in Self.terminating where !Self.isIgnored(number) { Self.forward(number) }
        // Not here, nor in threads that begin here: they are heard by the thread that attends to them.
        Self.mask(SIG_BLOCK)
        DispatchQueue(label: "gmner.signals").async {
            Self.mask(SIG_UNBLOCK)
            var stopping: Int32?
            var progress = Standstill(grace)
            while true {
                _ = Poll.wait([.readable(descriptor)], milliseconds: stopping == nil ? -1 : Standstill.step)
                for number in Self.read(descriptor) {
                    if number == Self.asking {
                        ask()
                    } else if stopping != nil {
                        _exit(ExitStatus.signal(number).code)
                    } else {
                        stopping = number
                        progress = Standstill(grace)
                        stop(number)
                    }
                }
                if let stopping, progress.isOver(written()) { _exit(ExitStatus.signal(stopping).code) }
            }
        }
    }

    /// Notices when a count has not changed for a while.
    private struct Standstill {
        /// Milliseconds between two looks.
        static let step: Int32 = 20

        private let patience: Duration
        private var count: Int?
        private var since = ContinuousClock.now

        init(_ patience: Duration) { self.patience = patience }

        /// Takes the count as it is now.
        mutating func isOver(_ count: Int) -> Bool {
            if count != self.count { (self.count, since) = (count, .now) }
            return .now - since >= patience
        }
    }

    /// Ends the process the way a closed pipe ends one.
    package static func dieOfBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        // Only if the parent has blocked the signal.
        _exit(ExitStatus.signal(SIGPIPE).code)
    }

    private static func mask(_ how: Int32) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in heard { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(how, &set, nil)
    }

    private static func read(_ descriptor: FileDescriptor) -> [Int32] {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = unsafe numbers.withUnsafeMutableBytes { try? unsafe descriptor.read(into: $0) } ?? 0
        return numbers[..<count].map(Int32.init)
    }

    /// Has a signal's number written into the pipe. Only what is safe in a handler happens there.
    private static func forward(_ number: Int32) {
        var action = sigaction()
        action.sa_flags = SA_RESTART
        unsafe action.__sigaction_handler.sa_handler = { number in
            let before = errno
            var byte = UInt8(truncatingIfNeeded: number)
            unsafe write(arrivals.load(ordering: .relaxed), &byte, 1)
            errno = before
        }
        unsafe sigaction(number, &action, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        // A function pointer cannot be compared; the constant 1 that stands for SIG_IGN can.
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
