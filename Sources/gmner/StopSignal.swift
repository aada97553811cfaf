import Glibc
import Synchronization

/// SIGINT and SIGTERM as a wish to stop, for commands that have something to bring to an end first.
enum StopSignal {
    private static let number = Atomic<Int32>(0)

    /// The signal that came, if one did.
    static var received: Int32? {
        let number = number.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Takes note of signals from now on; a second one ends the process at once.
    static func listen() {
        for signal in [SIGINT, SIGTERM] {
            _ = Glibc.signal(signal) { number in
                StopSignal.number.store(number, ordering: .relaxed)
                _ = Glibc.signal(number, SIG_DFL)
            }
        }
    }
}
