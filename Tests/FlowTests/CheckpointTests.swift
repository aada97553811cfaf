import Foundation
import SystemPackage
import Testing

@testable import Flow
@testable import JSON

/// What is remembered of a stream is what is read again.
@Suite struct CheckpointTests {
    private static let position = StreamPosition(
        input: 1, offset: 1 << 40, lines: 77, witness: .init(offset: 5, count: 9, checksum: .max))

    static let states = [
        CheckpointState(model: .max, inputs: ["a\u{0301}", "-"], position: position, output: nil),
        CheckpointState(
            model: 0, inputs: [], position: StreamPosition(), output: .init(device: 1, inode: 2, bytes: 3)),
    ]

    @Test(arguments: states) func statesAreReadAsWritten(state: CheckpointState) throws {
        let folder = try TemporaryFolder()
        let file = try CheckpointFile(folder.path.appending("state"))
        #expect(try file.read() == nil)
        try file.write(state)
        #expect(try file.read() == state)
    }

    @Test func answersBeforeTheFirstPauseAreCutOffToo() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("state")
        let output = try FileDescriptor.open(
            folder.file("answers", "older\n"), .readWrite, options: .append)
        defer { try? output.close() }
        func begin() throws -> StreamCheckpoint {
            let file = try CheckpointFile(path)
            return try StreamCheckpoint(
                file, after: try file.read(), model: 1, inputs: [.standardInput], output: output)
        }
        #expect(try begin().start == StreamPosition())
        try output.writeAll("answers\nhalf".utf8)
        #expect(try begin().start == StreamPosition())
        #expect(try String(contentsOfFile: folder.path.appending("answers").string, encoding: .utf8) == "older\n")
    }

    @Test func nobodyElseHasTheFile() throws {
        let folder = try TemporaryFolder()
        let file = try CheckpointFile(folder.path.appending("state"))
        #expect(throws: CheckpointFailure.self) { try CheckpointFile(folder.path.appending("state")) }
        _ = try file.read()
    }

    @Test("Whoever else has the lock's file open, as a child has that was just forked, does not keep it locked")
    func theLockEndsWithItsHolder() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("state")
        let copies = try { () throws -> [FileDescriptor] in
            let file = try CheckpointFile(path)
            let copies = try Self.duplicates(of: "\(path).lock")
            #expect(throws: CheckpointFailure.self) { try CheckpointFile(path) }
            _ = try file.read()
            return copies
        }()
        defer { for copy in copies { try? copy.close() } }
        #expect(!copies.isEmpty)
        #expect(try CheckpointFile(path).read() == nil)
    }

    /// More descriptors of what this process has open under a name.
    private static func duplicates(of path: String) throws -> [FileDescriptor] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            guard (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) == path,
                let number = CInt(name)
            else { return nil }
            return try FileDescriptor(rawValue: number).duplicate()
        }
    }

    @Test(
        arguments: [
            "", "{}", "[1]", "{\"format\":2}", "null", "{\"format\":1,\"model\":-1}",
            "{\"format\":1,\"model\":1,\"inputs\":[],\"input\":0,\"offset\":-5,\"lines\":0}",
            "{\"format\":1,\"model\":1e99,\"inputs\":[],\"input\":0,\"offset\":0,\"lines\":0}",
            "{\"format\":1,\"model\":1,\"inputs\":[],\"input\":0,\"offset\":0,\"lines\":0,\"witness\":[1,2,99999999999]}",
        ]) func whatIsNoCheckpointIsRefused(text: String) throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("state")
        try Data(text.utf8).write(to: URL(filePath: path.string))
        let file = try CheckpointFile(path)
        #expect(throws: CheckpointFailure.self) { try file.read() }
    }

    @Test func aLineMayBeginWithAByteOrderMark() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("posts", "\u{FEFF}a\n\u{FEFF}b\nc\n")
        for (offset, fits) in [(3, true), (5, true), (8, true), (10, true), (4, false), (9, false)] {
            let file = try FileDescriptor.open(path, .readOnly)
            defer { try? file.close() }
            let position = StreamPosition(input: 0, offset: offset, lines: 1, witness: nil)
            #expect((try? position.seek(in: file, named: "posts")) != nil || !fits, "\(offset)")
            if !fits { #expect(throws: InputFailure.self) { try position.seek(in: file, named: "posts") } }
        }
    }

    @Test func aPipeIsDroppedSoFarAndCompared() throws {
        let text = "first\nsecond line\nthird\n"
        for (witness, fits) in [("second line", true), ("second lime", false)] {
            let pipe = try FileDescriptor.pipe()
            try pipe.writeEnd.writeAll(text.utf8)
            try pipe.writeEnd.close()
            var position = StreamPosition(input: 0, offset: 18, lines: 2, witness: nil)
            position.witness = .init(offset: 6, Array(witness.utf8))
            let result = Result { try position.seek(in: pipe.readEnd, named: "pipe") }
            #expect((try? result.get()) != nil || !fits)
            if fits {
                var rest = [UInt8](repeating: 0, count: 10)
                let count = try rest.withUnsafeMutableBytes { try pipe.readEnd.read(into: $0) }
                #expect(rest[..<count] == ArraySlice("third\n".utf8))
            } else {
                #expect(throws: InputFailure.self) { try result.get() }
            }
            try pipe.readEnd.close()
        }
    }
}
