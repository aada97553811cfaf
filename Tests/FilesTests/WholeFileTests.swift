import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct WholeFileTests {
    @Test func hasALimit() throws {
        try withFolder { (folder) throws in
            let path = folder.appending("data")
            for size in [0, 1, 65_536, 65_537, 2_000_003] {
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7) }
                try Data(bytes).write(to: URL(filePath: path.string))
                #expect(try WholeFile.read(path, maxBytes: size) == bytes)
                guard size > 0 else { continue }
                let error = #expect(throws: FileError.self) { try WholeFile.read(path, maxBytes: size - 1) }
                #expect(error?.message == "more than the \(size - 1) bytes that are allowed")
                #expect(error?.cause == .fileTooLarge)
            }
        }
    }

    @Test func saysWhatIsThere() throws {
        try withFolder { (folder) throws in
            let missing = #expect(throws: FileError.self) {
                try WholeFile.read(folder.appending("none"), maxBytes: 1)
            }
            #expect(missing?.description == "\(folder)/none: No such file or directory")
            #expect(missing?.cause == .noSuchFileOrDirectory)
            let directory = #expect(throws: FileError.self) { try WholeFile.read(folder, maxBytes: 1) }
            #expect(directory?.cause == .isDirectory)
            // A name like any other where it does not stand for standard input.
            #expect(throws: FileError.self) { try WholeFile.read("-", maxBytes: 1) }
        }
    }

    @Test("Neither a pipe that nobody writes to nor a device without an end is waited for")
    func waitsForNothing() throws {
        try withFolder { (folder) throws in
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            for path in [pipe, "/dev/zero", "/dev/tty"] {
                #expect(throws: FileError.self) { try WholeFile.read(path, maxBytes: 1 << 20) }
            }
            let error = #expect(throws: FileError.self) {
                try WholeFile.read(pipe, maxBytes: 1, orStandardInput: true)
            }
            #expect(error?.message == "not a regular file; for a pipe, - is standard input")
        }
    }

    @Test("An open pipe is read to its end, in however many pieces it comes", .onItsOwnThread)
    func pipe() throws {
        let ends = try FileDescriptor.pipe()
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let writer = Thread {
            for start in stride(from: 0, to: bytes.count, by: 7_001) {
                _ = try? ends.writeEnd.writeAll(bytes[start..<min(bytes.count, start + 7_001)])
            }
            try? ends.writeEnd.close()
        }
        writer.start()
        defer { try? ends.readEnd.close() }
        #expect(try WholeFile.contents(of: ends.readEnd, upTo: 100_000) == Array(bytes[..<100_000]))
        #expect(try WholeFile.contents(of: ends.readEnd, upTo: 1 << 20) == Array(bytes[100_000...]))
        #expect(try WholeFile.contents(of: ends.readEnd, upTo: 0) == [])
    }
}
