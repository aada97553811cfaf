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
    let wake: WakePipe
    /// Watched, if it is a pipe or a socket, so that its end is noticed also while no input comes.
    let output: FileDescriptor?
    /// Gets each line; returns whether it wants more.
    let handle: @Sendable (LineEvent) -> Bool
    /// Gets the number of empty lines of each input.
    let countEmpty: @Sendable (Int) -> Void

    /// Reads everything.
    func run() -> End {
        var lines = 0
        for input in inputs {
            let descriptor: FileDescriptor
            do throws(InputFailure) {
                descriptor = try input.open()
            } catch {
                return .failed(error.message)
            }
            defer { if case .file = input { try? descriptor.close() } }
            let end = read(descriptor, of: input, lines: &lines)
            guard end == .finished else { return end }
        }
        return .finished
    }

    private func read(_ descriptor: FileDescriptor, of input: Input, lines: inout Int) -> End {
        var framer = LineFramer(maxLineBytes: maxLineBytes)
        defer {
            lines += framer.lines
            countEmpty(framer.emptyLines)
        }
        var buffer = [UInt8](repeating: 0, count: Self.shortRead)
        while true {
            let ready = Poll.wait([.readable(descriptor), .readable(wake.readEnd)] + watched)
            if ready[1] { return .stopped }
            if !ready[0] { return .outputClosed }
            do {
                let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
                let events = count > 0 ? framer.append(buffer.span.extracting(first: count)) : framer.finish()
                for event in events {
                    guard handle(event.after(lines: lines)) else { return .stopped }
                }
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
        }
    }
}
