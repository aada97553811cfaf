import Corpora
import JSON
import KnowledgeBase
import SystemPackage
import Wire

/// Files of lines that may be larger than memory.
enum LinesOfFile {
    private static let piece = 1 << 20

    /// Reads one JSON value a line, in order; blank lines are left out. `-` is standard input.
    ///
    /// - Throws: ``DataError`` for a file that cannot be read or a line that is no JSON, and what `body` throws.
    static func forEachValue(
        _ path: FilePath, _ body: (JSONValue, _ line: Int) throws(DataError) -> Void
    ) throws(DataError) {
        try forEachLine(path) { bytes, line throws(DataError) in
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: bytes)
            } catch {
                throw DataError(path, line: line, "\(error.message), at byte \(error.offset + 1)")
            }
            try body(value, line)
        }
    }

    /// Reads one entry of a knowledge base a line, in order.
    ///
    /// - Throws: ``DataError`` for a file that cannot be read or a line that is no entry.
    static func forEachEntry(_ path: FilePath, _ body: (KnowledgeEntry) -> Void) throws(DataError) {
        try forEachValue(path) { value, line throws(DataError) in
            do throws(KnowledgeEntryError) {
                body(try KnowledgeEntry(value))
            } catch {
                throw DataError(path, line: line, "\(error)")
            }
        }
    }

    /// Reads lines of UTF-8, in order; blank ones are left out. `-` is standard input.
    static func forEachLine(
        _ path: FilePath, _ body: (_ bytes: [UInt8], _ line: Int) throws(DataError) -> Void
    ) throws(DataError) {
        let descriptor: FileDescriptor
        do {
            descriptor = path == "-" ? .standardInput : try .open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw DataError(path, "\(error)", kind: .input)
        }
        defer { if path != "-" { try? descriptor.close() } }
        var framer = LineFramer()
        var chunk = [UInt8](repeating: 0, count: piece)
        func handle(_ events: [LineEvent]) throws(DataError) {
            for event in events {
                switch event {
                case .blank: continue
                case .tooLong(let number, _):
                    throw DataError(path, line: number, "longer than \(LineFramer.defaultMaxLineBytes) bytes")
                case .line(let number, _, let bytes):
                    guard (try? UTF8Span(validating: bytes.span)) != nil else {
                        throw DataError(path, line: number, "not UTF-8")
                    }
                    try body(bytes, number)
                }
            }
        }
        while true {
            let count: Int
            do {
                count = try unsafe chunk.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
            } catch {
                throw DataError(path, "\(error)", kind: .input)
            }
            if count == 0 { break }
            try handle(framer.append(chunk.span.extracting(0..<count)))
        }
        try handle(framer.finish())
    }
}
