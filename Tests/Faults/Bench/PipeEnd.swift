import Dispatch
import Synchronization
import SystemPackage

/// One end of a pipe, closed once.
final class PipeEnd: Sendable {
    private let descriptor: FileDescriptor
    private let state = Mutex((isClosed: false, isFed: false))
    private let feeder = DispatchGroup()

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { close() }

    /// Writes all; whoever reads may be gone, which is an error.
    func send(_ bytes: some Sequence<UInt8>) throws { try descriptor.writeAll(bytes) }

    /// Writes pieces on a thread of its own, until there are no more or nobody reads them, and closes the pipe.
    ///
    /// - Parameters:
    ///   - keepsOpen: Whether it is left to somebody else to close the pipe.
    ///   - next: Makes the next piece; `nil` at the end.
    func feed(keepsOpen: Bool = false, _ next: @escaping @Sendable () -> [UInt8]?) {
        state.withLock { $0.isFed = !keepsOpen }
        DispatchQueue(label: "feeder").async(group: feeder) { [self] in
            while let piece = next(), (try? send(piece)) != nil {}
            if !keepsOpen { close() }
        }
    }

    /// The same with bytes that are there.
    func feed(_ bytes: [UInt8], pieces size: Int) {
        feed(stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min(bytes.count, $0 + size)]) })
    }

    /// The same with pieces that are there.
    func feed(_ pieces: [[UInt8]], keepsOpen: Bool = false) {
        let rest = Mutex(pieces[...])
        feed(keepsOpen: keepsOpen) { rest.withLock { $0.popFirst() } }
    }

    /// Waits until ``feed(_:)`` is through.
    func awaitFeeder() { feeder.wait() }

    /// The next bytes, at most that many; waits for them. Empty at the end.
    func receive(_ count: Int = 1 << 16) throws -> ArraySlice<UInt8> {
        var piece = [UInt8](repeating: 0, count: count)
        let count = try piece.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        return piece[..<count]
    }

    /// All bytes until the end.
    func receiveAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let piece = try receive()
            if piece.isEmpty { return all }
            all += piece
        }
    }

    /// Closes it, unless somebody writes who will.
    func closeUnlessFed() {
        if !state.withLock({ $0.isFed }) { close() }
    }

    /// Closes it, unless that has been done.
    func close() {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if !wasClosed { try? descriptor.close() }
    }
}
