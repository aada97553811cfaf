import Descriptors
import Files
import Glibc
import SystemPackage
import Wire

/// A place between two lines of a stream's input.
package struct StreamPosition: Sendable, Equatable {
    /// The line before the place, by which a changed input is noticed.
    package struct Witness: Sendable, Equatable {
        /// Where its content begins in its input, in bytes.
        var offset: Int
        /// Bytes of its content.
        var count: Int
        /// Their checksum.
        var checksum: UInt32

        init(offset: Int, count: Int, checksum: UInt32) {
            (self.offset, self.count, self.checksum) = (offset, count, checksum)
        }

        init(offset: Int, _ bytes: [UInt8]) {
            self.init(offset: offset, count: bytes.count, checksum: CRC32C.of(bytes).value)
        }
    }

    /// The input, by its place among the operands.
    package var input = 0
    /// Where the next line begins in it, in bytes.
    package var offset = 0
    /// Lines before it, through all inputs.
    package var lines = 0
    /// The last line before it that was not blank, if that is in the same input and was kept.
    package var witness: Witness?

    /// The beginning.
    package init() {}

    init(input: Int, offset: Int, lines: Int, witness: Witness?) {
        (self.input, self.offset, self.lines, self.witness) = (input, offset, lines, witness)
    }
}

extension StreamPosition {
    /// To where a line begins.
    mutating func move(to event: LineEvent) {
        switch event {
        case .line(let number, let offset, _), .tooLong(let number, let offset), .blank(let number, let offset):
            (lines, self.offset) = (number - 1, offset)
        }
    }

    /// Behind a line that was handled; where the next one begins is told by it.
    mutating func move(behind event: LineEvent) {
        switch event {
        case .line(_, let offset, let bytes): witness = Witness(offset: offset, bytes)
        case .tooLong: witness = nil
        case .blank: break
        }
    }

    /// To where the next line will begin. In the middle of a line that is too long there is no such place: it is reported
    /// again, rather than taken for two.
    mutating func move(toLine offset: Int?, lines: Int) {
        guard let offset else { return }
        (self.offset, self.lines) = (offset, lines)
    }

    /// Moves a descriptor that was just opened here: a file seeks, anything else is read and dropped so far.
    ///
    /// - Throws: where the input ends before, or is another one.
    func seek(in descriptor: FileDescriptor, named name: String) throws(InputFailure) {
        guard offset > 0 else { return }
        var bytes: [UInt8] = []
        if let status = try? descriptor.stat(), status.type == .regular {
            guard status.size >= offset else { throw changed(name, "it has \(status.size) bytes") }
            if let witness { bytes = read(descriptor, witness.offset, witness.count) }
            // A last line without an end was answered as it stood; what has been added to it cannot be told from it.
            if status.size > offset, !followsLine(read(descriptor, max(0, offset - 4), min(4, offset))) {
                throw changed(name, "line \(lines) had no end, and has been added to")
            }
            _ = lseek(descriptor.rawValue, off_t(offset), SEEK_SET)
        } else {
            bytes = try skip(descriptor, name)
        }
        if let witness, bytes.count != witness.count || CRC32C.of(bytes).value != witness.checksum {
            throw changed(name, "line \(lines) is another")
        }
    }

    /// Whether a line begins behind these bytes: behind another one's end, or behind the byte order mark of its own.
    private func followsLine(_ bytes: [UInt8]) -> Bool {
        let rest = bytes.suffix(3) == [0xEF, 0xBB, 0xBF] ? bytes.dropLast(3) : bytes[...]
        return rest.last == UInt8(ascii: "\n") || rest.isEmpty && offset == 3
    }

    private func changed(_ name: String, _ what: String) -> InputFailure {
        InputFailure(message: "\(name): is not what was answered up to byte \(offset): \(what)")
    }

    private func read(_ descriptor: FileDescriptor, _ offset: Int, _ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe bytes.withUnsafeMutableBytes {
            (try? unsafe descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)) ?? 0
        }
        return Array(bytes[..<read])
    }

    /// Reads and drops what comes before, and returns the witness' bytes of it.
    private func skip(_ descriptor: FileDescriptor, _ name: String) throws(InputFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var kept: [UInt8] = []
        var place = 0
        while place < offset {
            // In poll(2) first, as descriptors may be non-blocking.
            _ = Poll.wait([.readable(descriptor)])
            let most = min(buffer.count, offset - place)
            let count: Int
            do {
                count = try unsafe buffer.withUnsafeMutableBytes {
                    unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<most]))
                }
            } catch Errno.interrupted, Errno.wouldBlock {
                continue
            } catch {
                throw InputFailure(message: "\(name): \(error)")
            }
            guard count > 0 else { throw changed(name, "it has \(place) bytes") }
            if let witness {
                let first = max(0, witness.offset - place)
                let last = min(count, witness.offset + witness.count - place)
                if first < last { kept += buffer[first..<last] }
            }
            place += count
        }
        return kept
    }
}
