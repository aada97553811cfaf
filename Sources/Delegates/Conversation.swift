import SystemPackage
import Wire

/// What goes to a running program and comes from it, without ever waiting for it. Belongs to one thread.
final class Conversation {
    let child: ChildProcess
    private var framer = LineFramer(maxLineBytes: DelegateProgram.maxLineBytes, reportsBlank: true)
    private var outgoing: [UInt8] = []
    private var written = 0

    init(_ child: ChildProcess) {
        self.child = child
    }

    /// Whether all that was said has been taken.
    var isHeard: Bool { outgoing.isEmpty }

    /// Has a line go out.
    func say(_ line: [UInt8]) {
        outgoing += line
        _ = write()
    }

    /// Writes what the program takes; whether it still listens.
    func write() -> Bool {
        while written < outgoing.count {
            do {
                let rest = outgoing.span.extracting(written...)
                written += try unsafe rest.withUnsafeBytes { try unsafe child.input.write($0) }
            } catch Errno.interrupted {
                continue
            } catch Errno.wouldBlock {
                return true
            } catch {
                return false
            }
        }
        (outgoing, written) = ([], 0)
        return true
    }

    /// Lines that have come; and whether there may be more: not after its end, and not after a line without one.
    func read() -> (lines: [[UInt8]], isOpen: Bool) {
        var lines: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        // One turn takes so much at most, so that a flood holds up no deadline.
        for _ in 0..<16 {
            do {
                let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe child.output.read(into: $0) }
                // What it had begun to say when it ended may be cut anywhere.
                if count == 0 { return (lines, false) }
                for event in framer.append(buffer.span.extracting(first: count)) {
                    switch event {
                    case .line(_, _, let bytes): lines.append(bytes)
                    case .tooLong: return (lines, false)
                    case .blank: lines.append([])
                    }
                }
            } catch Errno.interrupted {
                continue
            } catch Errno.wouldBlock {
                return (lines, true)
            } catch {
                return (lines, false)
            }
        }
        return (lines, true)
    }
}
