/// How a filter ends, as its parent sees it.
package enum ExitStatus: Sendable, Equatable {
    /// The stream was answered to its end. Records that failed are data.
    case success
    /// A record failed, and that was to be told (`-e`).
    case recordsFailed
    /// The command line makes no sense.
    case usage
    /// `--on-error fail` met a record without an answer.
    case stoppedByRecord
    /// The model or an input is missing or cannot be used.
    case noInput
    /// The program or the system failed, not the input.
    case internalFault
    /// A write failed.
    case outputFailed
    /// A signal ended the stream.
    case signal(Int32)

    /// The number, in the tradition of sysexits.h and of shells.
    package var code: Int32 {
        switch self {
        case .success: 0
        case .recordsFailed: 1
        case .usage: 64
        case .stoppedByRecord: 65
        case .noInput: 66
        case .internalFault: 70
        case .outputFailed: 74
        case .signal(let number): 128 + number
        }
    }
}
