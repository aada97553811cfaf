/// How a program of this package ends, as its parent sees it. Both programs, and every command, end in one of these ways.
package enum ExitStatus: Sendable, Equatable {
    /// All was done. Records that failed are data.
    case success
    /// A record failed, and that was to be told (`-e`).
    case recordsFailed
    /// The command line makes no sense.
    case usage
    /// Data that cannot be used; of a stream, a record without an answer that `--on-error fail` met.
    case data
    /// A model or an input is missing or cannot be used.
    case noInput
    /// The program or the system failed, not the input.
    case internalFault
    /// A write failed.
    case outputFailed
    /// A signal ended it.
    case signal(Int32)

    /// The number, in the tradition of sysexits.h and of shells.
    package var code: Int32 {
        switch self {
        case .success: 0
        case .recordsFailed: 1
        case .usage: 64
        case .data: 65
        case .noInput: 66
        case .internalFault: 70
        case .outputFailed: 74
        case .signal(let number): 128 + number
        }
    }
}
