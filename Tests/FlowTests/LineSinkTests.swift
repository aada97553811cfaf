import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Flow

@Suite(.onItsOwnThread)
struct LineSinkTests {
    @Test("Lines arrive as they are, also through a full pipe that does not block")
    func nonBlocking() throws {
        let pipe = try FileDescriptor.pipe()
        try #require(fcntl(pipe.writeEnd.rawValue, F_SETFL, O_NONBLOCK) == 0)
        let lines = [UInt8]((0..<50_000).map { "line \($0)\n" }.joined().utf8)
        let done = DispatchGroup()
        DispatchQueue(label: "test.sink").async(group: done) {
            try? LineSink(descriptor: pipe.writeEnd).write(lines)
            try? pipe.writeEnd.close()
        }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try piece.withUnsafeMutableBytes { try pipe.readEnd.read(into: $0) }
            if count == 0 { break }
            received += piece[..<count]
        }
        done.wait()
        try pipe.readEnd.close()
        #expect(received == lines)
    }

    @Test("A closed pipe and a full disk are told apart")
    func failures() throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try #require(PrivatePipe.open())
        try FileDescriptor(rawValue: ends.readEnd).close()
        let writeEnd = FileDescriptor(rawValue: ends.writeEnd)
        #expect(PrivatePipe.isAbandoned(ends.writeEnd))
        #expect(throws: WriteFailure.closed) { try LineSink(descriptor: writeEnd).write([0x0A]) }
        try writeEnd.close()
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        #expect(throws: WriteFailure.failed(.noSpace)) { try LineSink(descriptor: full).write([0x0A]) }
        try full.close()
    }

    @Test("Nothing to write is no write")
    func nothing() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        try LineSink(descriptor: full).write([])
        try full.close()
    }
}
