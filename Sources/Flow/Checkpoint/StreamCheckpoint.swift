import DequeModule
import Files
import Glibc
import Synchronization
package import SystemPackage

/// Remembers on disk how far a stream has come: which lines have been answered, and where their answers end.
///
/// The reader's thread says where each line begins, the writer's how many have been answered. What is on disk is never ahead
/// of the output, and the output can be cut back to it, so that no answer is lost and none is there twice.
package final class StreamCheckpoint: Sendable {
    private struct State {
        /// Where the lines begin that have been admitted and not yet answered.
        var waiting: Deque<StreamPosition> = []
        /// Where the first line begins that was not admitted, once reading has ended.
        var end: StreamPosition?
        var saved = ContinuousClock.now
    }

    /// The least time between two states on disk.
    private static let pause = Duration.milliseconds(500)

    private let file: CheckpointFile
    private let model: UInt32
    private let inputs: [String]
    private let output: FileDescriptor
    /// Where the stream begins.
    let start: StreamPosition
    private let state = Mutex(State())

    /// Goes on where an earlier stream ended, or begins.
    ///
    /// - Throws: where `earlier` was of another model or of other inputs, or the output is not what it was: a regular file is
    ///   cut back to what is known to be complete.
    package init(
        _ file: CheckpointFile, after earlier: CheckpointState?, model: UInt32, inputs: [Input], output: FileDescriptor
    ) throws(CheckpointFailure) {
        self.file = file
        self.model = model
        self.inputs = inputs.map(\.description)
        self.output = output
        start = earlier?.position ?? StreamPosition()
        guard let earlier else {
            try begin()
            return
        }
        guard earlier.model == model else { throw file.failure("was made with another model") }
        guard earlier.inputs == self.inputs else {
            throw file.failure("was made of other inputs: \(earlier.inputs.joined(separator: ", "))")
        }
        try cut(to: earlier.output)
    }

    /// Remembers where the output ends before there are answers: those that come before the second checkpoint are to be found.
    private func begin() throws(CheckpointFailure) {
        do throws(FileError) {
            try save(start)
        } catch {
            throw CheckpointFailure(message: "\(error)")
        }
    }

    /// Takes away what was written after the last checkpoint, half a line perhaps.
    private func cut(to known: CheckpointState.Output?) throws(CheckpointFailure) {
        guard let known, let now = place(), (now.device, now.inode) == (known.device, known.inode) else { return }
        guard now.bytes >= known.bytes else {
            throw file.failure(
                "standard output has \(now.bytes) of \(known.bytes) bytes; was it emptied? append with >>")
        }
        do {
            try output.resize(to: Int64(known.bytes))
            try output.seek(offset: 0, from: .end)
        } catch {
            throw file.failure("standard output cannot be cut: \(error)")
        }
    }

    /// A line has been admitted that begins here.
    func admitted(_ position: StreamPosition) { state.withLock { $0.waiting.append(position) } }

    /// Reading has ended before the line that begins here.
    func ended(_ position: StreamPosition) { state.withLock { $0.end = position } }

    /// The answers to so many lines have been written.
    func written(_ count: Int) throws(FileError) {
        let due = state.withLock { state -> StreamPosition? in
            state.waiting.removeFirst(min(count, state.waiting.count))
            guard let next = state.waiting.first, .now - state.saved >= Self.pause else { return nil }
            state.saved = .now
            return next
        }
        if let due { try save(due) }
    }

    /// All that will be answered has been.
    func finish() throws(FileError) {
        let last = state.withLock { $0.waiting.first ?? $0.end }
        if let last { try save(last) }
    }

    private func save(_ position: StreamPosition) throws(FileError) {
        let place = place()
        // Else the checkpoint might survive a loss of power, and answers before it not.
        if place != nil { _ = fsync(output.rawValue) }
        try file.write(CheckpointState(model: model, inputs: inputs, position: position, output: place))
    }

    /// The output and its end, if it is a regular file.
    private func place() -> CheckpointState.Output? {
        guard let status = try? output.stat(), status.type == .regular else { return nil }
        return .init(
            device: UInt(status.deviceID.rawValue), inode: UInt(status.inode.rawValue), bytes: Int(status.size))
    }
}
