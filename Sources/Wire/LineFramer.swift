import Glibc

/// What a ``LineFramer`` found in a stream.
package enum LineEvent: Sendable, Equatable {
    /// A line with content, without its newline.
    ///
    /// - `number`: counts every physical line of the stream, from 1.
    /// - `offset`: where in the stream the first of `bytes` lies, in bytes.
    case line(number: Int, offset: Int, bytes: [UInt8])
    /// A line longer than the limit. It is reported when the limit is passed, and the rest of it is skipped without
    /// being stored.
    case tooLong(number: Int, offset: Int)
    /// A line with nothing in it, if such lines are asked for.
    case blank(number: Int, offset: Int)
}

/// Cuts a stream of bytes into lines, whatever the pieces in which it arrives.
///
/// A value without any input or output of its own: the caller hands over what one `read` gave, be it a byte or a
/// megabyte, and gets each line that this completed. It never waits for more. What comes out does not depend on how
/// the stream was cut, and costs linear time also when a long line arrives in many small pieces.
///
/// - A line ends with `\n` or `\r\n`; the last one needs neither (``finish()``).
/// - A UTF-8 byte order mark at the start of a line is skipped: files that begin with one are joined to one stream.
/// - Lines with nothing but spaces, tabs and carriage returns are counted, and reported only where that is asked for.
/// - Memory: at most ``maxLineBytes`` and a piece.
package struct LineFramer: Sendable {
    /// The limit for one line unless the caller says otherwise: 16 MiB.
    package static let defaultMaxLineBytes = 16 << 20

    /// The most bytes that one line may have, newline not counted.
    package let maxLineBytes: Int
    private let reportsBlank: Bool
    /// How many lines had nothing in them.
    package private(set) var emptyLines = 0
    /// How many lines have begun: the number of the line that is being read or was read last.
    package private(set) var lines = 0
    /// How many bytes have been handed over.
    package private(set) var bytesSeen = 0

    /// The line that has begun, without the bytes of the current piece.
    private var pending: [UInt8] = []
    /// Where the line that has begun starts in the stream.
    private var lineStart = 0
    private var skipping = false

    /// A framer at the start of a stream, or at the start of a line that lies `offset` bytes behind it.
    package init(
        maxLineBytes: Int = LineFramer.defaultMaxLineBytes, reportsBlank: Bool = false, offset: Int = 0
    ) {
        self.maxLineBytes = max(1, maxLineBytes)
        self.reportsBlank = reportsBlank
        (bytesSeen, lineStart) = (offset, offset)
    }

    /// Where the first line begins that has not come out, in bytes from the start of the stream; `nil` in the middle of one
    /// that has been reported as too long.
    package var nextLine: Int? { skipping ? nil : lineStart }

    /// Takes the next bytes of the stream and returns what they completed, in order.
    package mutating func append(_ piece: Span<UInt8>) -> [LineEvent] {
        var events: [LineEvent] = []
        var start = 0
        while start < piece.count {
            let rest = piece.extracting(start..<piece.count)
            guard let length = firstNewline(in: rest) else {
                grow(by: rest, into: &events)
                bytesSeen += rest.count
                break
            }
            grow(by: rest.extracting(0..<length), into: &events)
            bytesSeen += length + 1
            endLine(into: &events)
            lineStart = bytesSeen
            start += length + 1
        }
        return events
    }

    /// Ends the stream: returns the last line if it had no newline.
    package mutating func finish() -> [LineEvent] {
        var events: [LineEvent] = []
        if bytesSeen > lineStart { endLine(into: &events) }
        lineStart = bytesSeen
        return events
    }

    /// Adds bytes to the line, or notices that it has become too long.
    private mutating func grow(by bytes: Span<UInt8>, into events: inout [LineEvent]) {
        guard !skipping else { return }
        let length = pending.count + bytes.count
        // One byte more may be the carriage return that belongs to the line's end.
        let last = bytes.isEmpty ? pending.last : bytes[bytes.count - 1]
        let mayEndWithReturn = length == maxLineBytes + 1 && last == 0x0D
        guard length <= maxLineBytes || mayEndWithReturn else {
            lines += 1
            events.append(.tooLong(number: lines, offset: lineStart))
            skipping = true
            pending = []
            return
        }
        // Reserving exactly what is needed now would make many small pieces quadratic.
        unsafe bytes.withUnsafeBufferPointer { unsafe pending.append(contentsOf: $0) }
    }

    private mutating func endLine(into events: inout [LineEvent]) {
        if skipping {
            skipping = false
            return
        }
        lines += 1
        var line = pending
        pending = []
        var offset = lineStart
        if line.last == 0x0D { line.removeLast() }
        if line.starts(with: [0xEF, 0xBB, 0xBF]) {
            line.removeFirst(3)
            offset += 3
        }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            emptyLines += 1
            if reportsBlank { events.append(.blank(number: lines, offset: lineStart)) }
        } else {
            events.append(.line(number: lines, offset: offset, bytes: line))
        }
    }

    private func firstNewline(in bytes: Span<UInt8>) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = unsafe memchr(base, 0x0A, buffer.count) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
