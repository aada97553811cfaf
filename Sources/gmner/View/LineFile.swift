import Corpora
import SystemPackage
import Wire

/// A file of lines, read piece by piece.
struct LineFile {
    /// Its path; `-` is standard input.
    let path: String

    /// Hands over each line that is not blank, with its number from 1.
    func forEach(_ body: (Int, [UInt8]) throws -> Void) throws {
        var framer = LineFramer()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let file = try open()
        defer { if path != "-" { try? file.close() } }
        while true {
            let count: Int
            do {
                count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            } catch {
                throw DataError(FilePath(path), "\(error)", kind: .input)
            }
            let events = count == 0 ? framer.finish() : framer.append(buffer.span.extracting(0..<count))
            for event in events {
                switch event {
                case .line(let number, _, let bytes): try body(number, bytes)
                case .blank: break
                case .tooLong(let number, _):
                    throw DataError("\(path), line \(number): longer than \(framer.maxLineBytes) bytes")
                }
            }
            if count == 0 { return }
        }
    }

    private func open() throws -> FileDescriptor {
        if path == "-" { return .standardInput }
        do {
            return try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        } catch {
            throw DataError(FilePath(path), "\(error)", kind: .input)
        }
    }
}
