import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Reporting

@Suite struct ProgressLineTests {
    /// What comes out of a pipe that `body` was shown on.
    private func shown(_ style: ProgressStyle, _ body: (ProgressLine) -> Void) throws -> String {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        body(ProgressLine(style, on: writeEnd))
        try writeEnd.close()
        defer { try? readEnd.close() }
        return String(decoding: try FileHandle(fileDescriptor: readEnd.rawValue).readToEnd() ?? Data(), as: UTF8.self)
    }

    @Test func terminal() throws {
        let text = try shown(.terminal) { line in
            line.show("1 post")
            line.show("2 posts")
            line.note("a note")
            line.note("another")
            line.show("3 posts")
            line.finish()
            line.show("late")
        }
        #expect(text == "\r1 post\u{1B}[K\r2 posts\u{1B}[K\ra note\u{1B}[K\nanother\n\r3 posts\u{1B}[K\n")
    }

    @Test(arguments: [ProgressStyle.terminal, .log]) func whatIsToldCommandsNoTerminal(style: ProgressStyle) throws {
        let text = try shown(style) { line in
            line.show("a\u{1B}[2J\nb")
            line.note("c\u{9B}2J")
            line.finish("d\u{202E}")
        }
        #expect(
            text.replacing("\r", with: "").replacing("\u{1B}[K", with: "\n").split(separator: "\n") == [
                "a\\u001b[2J\\u000ab", "c\\u009b2J", "d\\u202e",
            ])
    }

    @Test func log() throws {
        let text = try shown(.log) { line in
            line.show("1 post")
            line.note("a note")
            line.finish("2 posts")
            line.finish("3 posts")
        }
        #expect(text == "1 post\na note\n2 posts\n")
    }

    @Test(arguments: [ProgressStyle.terminal, .log]) func endsWithItsLastLine(style: ProgressStyle) throws {
        let text = try shown(style) { $0.finish("2 posts") }
        #expect(text == (style == .log ? "2 posts\n" : "\r2 posts\u{1B}[K\n"))
        let nothing = try shown(style) { $0.finish() }
        #expect(nothing == "")
    }

    @Test func noneAtAll() throws {
        let text = try shown(.none) { line in
            line.show("1 post")
            line.note("a note")
            line.finish("2 posts")
        }
        #expect(text == "")
    }

    @Test func longLinesAreWhole() throws {
        let long = String(repeating: "x", count: 20_000)
        let text = try shown(.log) { $0.note(long) }
        #expect(text == long + "\n")
    }

    @Test("A pipe that nobody empties holds nothing up", .onItsOwnThread, arguments: [ProgressStyle.terminal, .log])
    func fullPipe(style: ProgressStyle) throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        let flags = fcntl(writeEnd.rawValue, F_GETFL)
        _ = fcntl(writeEnd.rawValue, F_SETFL, flags | O_NONBLOCK)
        while (try? writeEnd.writeAll([UInt8](repeating: 0, count: 4096))) != nil {}
        _ = fcntl(writeEnd.rawValue, F_SETFL, flags)
        let done = DispatchSemaphore(value: 0)
        // Not on the pool of tasks: it would be this thread that waits for good.
        Thread.detachNewThread {
            let line = ProgressLine(style, on: writeEnd)
            line.show("1 post")
            line.note("a note")
            line.finish("2 posts")
            done.signal()
        }
        #expect(done.wait(timeout: .now() + 20) == .success)
        try readEnd.close()
        try writeEnd.close()
    }

    @Test func aReaderThatHasLeftIsNoReasonToStop() throws {
        signal(SIGPIPE, SIG_IGN)
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        try readEnd.close()
        ProgressLine(.log, on: writeEnd).finish("2 posts")
        try writeEnd.close()
    }
}
