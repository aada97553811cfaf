import Foundation
import Synchronization
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
            let error = #expect(throws: FileError.self) { try WholeFile.read(pipe, maxBytes: 1) }
            #expect(error?.message == "not a regular file")
        }
    }

    @Test("A pipe that must not be read notices nothing: its writer waits on", .onItsOwnThread)
    func touchesNothing() throws {
        try withFolder { (folder) throws in
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            let opened = Mutex(false)
            let writer = Thread {
                let end = try? FileDescriptor.open(pipe, .writeOnly)
                opened.withLock { $0 = true }
                _ = try? end?.writeAll("all of it".utf8)
                try? end?.close()
            }
            writer.start()
            for _ in 0..<100 {
                #expect(throws: FileError.self) { try RegularFile.open(pipe) }
                usleep(500)
            }
            #expect(!opened.withLock { $0 })
            #expect(try WholeFile.read(pipe, maxBytes: 100, mayBeStream: true) == Array("all of it".utf8))
        }
    }

    @Test("What a command line names may be a pipe or a device, up to the same limit", .onItsOwnThread)
    func streams() throws {
        #expect(try WholeFile.read("/dev/null", maxBytes: 1, mayBeStream: true) == [])
        let error = #expect(throws: FileError.self) {
            try WholeFile.read("/dev/zero", maxBytes: 1 << 20, mayBeStream: true)
        }
        #expect(error?.cause == .fileTooLarge)
        try withFolder { (folder) throws in
            let error = #expect(throws: FileError.self) { try WholeFile.read(folder, maxBytes: 1, mayBeStream: true) }
            #expect(error?.cause == .isDirectory)
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
