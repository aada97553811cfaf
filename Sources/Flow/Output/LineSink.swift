import Descriptors
import SystemPackage

/// Why output ended early.
enum WriteFailure: Error, Equatable {
    /// Whoever read the output has gone.
    case closed
    /// The system refused a write.
    case failed(Errno)
}

/// Writes whole lines to a descriptor.
struct LineSink: Sendable {
    let descriptor: FileDescriptor

    /// Writes `lines`, each with its newline at the end.
    ///
    /// If the system stops in the middle of a line and then refuses to go on (a full disk), the piece is taken back
    /// where that is possible: a regular file is cut after the last whole line.
    func write(_ lines: [UInt8]) throws(WriteFailure) {
        var done = 0
        while done < lines.count {
            do {
                done += try unsafe lines.withUnsafeBytes {
                    unsafe try descriptor.write(UnsafeRawBufferPointer(rebasing: $0[done...]), retryOnInterrupt: true)
                }
            } catch Errno.wouldBlock {
                // The descriptor was set to non-blocking by someone it is shared with.
                _ = Poll.wait([.writable(descriptor)])
            } catch {
                takeBackPiece(of: lines[..<done])
                throw Self.failure(error)
            }
        }
    }

    private static func failure(_ error: any Error) -> WriteFailure {
        guard let error = error as? Errno else { return .failed(.ioError) }
        return error == .brokenPipe ? .closed : .failed(error)
    }

    private func takeBackPiece(of written: ArraySlice<UInt8>) {
        let end = written.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? written.startIndex
        let piece = Int64(written.endIndex - end)
        guard piece > 0, let file = try? descriptor.stat(), file.type == .regular,
            let position = try? descriptor.seek(offset: 0, from: .current), position == file.size
        else { return }
        // What follows reports the failed write in any case; there is nothing to add if this fails too.
        _ = try? descriptor.resize(to: position - piece)
    }
}
