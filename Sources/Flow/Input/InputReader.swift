import Descriptors
import Glibc
import SystemPackage
import Wire

/// Reads inputs one after the other, cut into lines.
///
/// One read(2) a wake-up, and each line that it completes is handed on at once; nothing waits for a full buffer. It
/// runs on a thread of its own and sleeps in poll(2), out of which ``WakePipe`` takes it.
struct InputReader: Sendable {
    /// Why reading came to an end.
    enum End: Equatable {
        /// All inputs were read to their ends.
        case finished
        /// The line handler wants no more, or the wake pipe was used.
        case stopped
        /// Whoever read the output has gone.
        case outputClosed
        /// An input could not be opened or read.
        case failed(String)
    }

    /// Small, so that little is read ahead of the window: what has been read cannot be left to another reader.
    static let shortRead = 1 << 10
    /// For the rest of a long line.
    static let longRead = 256 << 10

    let inputs: [Input]
    let maxLineBytes: Int
    /// Whether lines with nothing in them are handed on too.
    var reportsBlank = false
    let wake: WakePipe
    /// Watched, if it is a pipe or a socket, so that its end is noticed also while no input comes.
    let output: FileDescriptor?
    /// Where to begin.
    var start = StreamPosition()
    /// Gets each line, and where it begins; returns whether it wants more.
    let handle: @Sendable (LineEvent, StreamPosition) -> Bool
    /// Gets the number of empty lines of each input.
    let countEmpty: @Sendable (Int) -> Void
    /// Gets, in the end, where the first line begins that was not handled, if it begins anywhere.
    var ended: @Sendable (StreamPosition) -> Void = { _ in }

    /// Reads everything from ``start`` on.
    func run() -> End {
        var position = start
        defer { ended(position) }
        for (index, input) in inputs.enumerated().dropFirst(start.input) {
            let descriptor: FileDescriptor
            do throws(InputFailure) {
                descriptor = try input.open()
            } catch {
                return .failed(error.message)
            }
            defer { if case .file = input { try? descriptor.close() } }
            if index == start.input {
                do throws(InputFailure) {
                    try start.seek(in: descriptor, named: "\(input)")
                } catch {
                    return .failed(error.message)
                }
            } else {
                position = StreamPosition(input: index, offset: 0, lines: position.lines, witness: nil)
            }
            let end = read(descriptor, of: input, &position)
            guard end == .finished else { return end }
        }
        return .finished
    }

    /// Reads one input from a position on, and moves that to the first line that was not handled.
    private func read(_ descriptor: FileDescriptor, of input: Input, _ position: inout StreamPosition) -> End {
        var framer = LineFramer(
            maxLineBytes: maxLineBytes, reportsBlank: reportsBlank, offset: position.offset)
        let lines = position.lines
        defer { countEmpty(framer.emptyLines) }
        var buffer = [UInt8](repeating: 0, count: Self.shortRead)
        while true {
            let ready = Poll.wait([.readable(descriptor), .readable(wake.readEnd)] + watched)
            if ready[1] { return .stopped }
            if !ready[0] { return .outputClosed }
            do {
                let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
                let events = count > 0 ? framer.append(buffer.span.extracting(first: count)) : framer.finish()
                for event in events {
                    let event = event.after(lines: lines)
                    position.move(to: event)
                    guard handle(event, position) else { return .stopped }
                    position.move(behind: event)
                }
                position.move(toLine: framer.nextLine, lines: lines + framer.lines)
                if count == 0 { return .finished }
                resize(&buffer, lineGoesOn: events.isEmpty && count == buffer.count)
            } catch Errno.interrupted, Errno.wouldBlock {
                continue
            } catch {
                return .failed("\(input): \(error)")
            }
        }
    }

    private var watched: [Poll.Interest] { output.map { [.hangUp($0)] } ?? [] }

    /// A line that fills the buffer without an end is read in longer pieces.
    private func resize(_ buffer: inout [UInt8], lineGoesOn: Bool) {
        let count = lineGoesOn ? min(buffer.count * 4, Self.longRead) : Self.shortRead
        if count != buffer.count { buffer = [UInt8](repeating: 0, count: count) }
    }
}

extension LineEvent {
    /// The event as part of a stream that has had `lines` lines before.
    fileprivate func after(lines: Int) -> LineEvent {
        switch self {
        case .line(let number, let offset, let bytes):
            .line(number: lines + number, offset: offset, bytes: bytes)
        case .tooLong(let number, let offset):
            .tooLong(number: lines + number, offset: offset)
        case .blank(let number, let offset):
            .blank(number: lines + number, offset: offset)
        }
    }
}
