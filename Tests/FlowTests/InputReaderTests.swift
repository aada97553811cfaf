import Dispatch
import Foundation
@testable import Descriptors
import SystemPackage
import TestSupport
import Testing
@testable import Wire

@testable import Flow

/// What comes out of inputs of all kinds.
@Suite(.onItsOwnThread, .timeLimit(.minutes(1)))
struct InputReaderTests {
    private let lines = Journal<String>()
    private let wake: WakePipe

    init() throws { wake = try WakePipe() }

    private func reader(_ inputs: [Input], output: FileDescriptor? = nil, most: Int = .max) -> InputReader {
        InputReader(
            inputs: inputs, maxLineBytes: 1 << 20, wake: wake, output: output,
            handle: { [lines] event, _ in
                guard case .line(let number, _, let bytes) = event else { return true }
                lines.note("\(number) \(String(decoding: bytes, as: UTF8.self))")
                return lines.all.count < most
            },
            countEmpty: { _ in })
    }

    @Test("Several files are one stream, whose lines are counted through")
    func files() throws {
        let folder = try TemporaryFolder()
        let first = try folder.file("a", "one\n\ntwo")
        let second = try folder.file("b", "\u{FEFF}three\n")
        #expect(reader([.file(first), .file(second)]).run() == .finished)
        #expect(lines.all == ["1 one", "3 two", "4 three"])
    }

    @Test("Blank lines are handed on where they are asked for, with their numbers")
    func blank() throws {
        let folder = try TemporaryFolder()
        let files = try ["\none\n", "two\n\n"].enumerated().map { try folder.file("\($0)", $1) }
        let blank = Journal<Int>()
        var reader = InputReader(
            inputs: files.map { .file($0) }, maxLineBytes: 100, wake: wake, output: nil,
            handle: { event, _ in
                if case .blank(let number, _) = event { blank.note(number) }
                return true
            },
            countEmpty: { _ in })
        #expect(reader.run() == .finished && blank.all == [])
        reader.reportsBlank = true
        #expect(reader.run() == .finished && blank.all == [1, 4])
    }

    @Test("A long line arrives whole, and short lines after it")
    func longLine() throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "x", count: 900_000)
        #expect(reader([.file(try folder.file("a", "\(long)\nb\nc\n"))]).run() == .finished)
        #expect(lines.all == ["1 \(long)", "2 b", "3 c"])
    }

    @Test("What cannot be read is named, after what came before it")
    func failures() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a", "one\n")
        let missing = folder.path.appending("missing")
        #expect(reader([.file(file), .file(missing)]).run() == .failed("\(missing): No such file or directory"))
        #expect(lines.all == ["1 one"])
        #expect(reader([.file(folder.path)]).run() == .failed("\(folder.path): Is a directory"))
        let writeOnly = try FileDescriptor.open("/dev/null", .writeOnly)
        defer { try? writeOnly.close() }
        #expect(
            reader([.descriptor(writeOnly)]).run()
                == .failed("descriptor \(writeOnly.rawValue): Bad file descriptor"))
    }

    @Test("A handler that has enough ends the reading")
    func enough() throws {
        let folder = try TemporaryFolder()
        #expect(reader([.file(try folder.file("a", "1\n2\n3\n"))], most: 2).run() == .stopped)
        #expect(lines.all.count == 2)
    }

    @Test("A FIFO that nobody writes to is waited for, and the wait can be ended")
    func emptyFIFO() throws {
        let folder = try TemporaryFolder()
        let fifo = folder.path.appending("fifo")
        try #require(mkfifo(fifo.string, 0o600) == 0)
        let done = DispatchGroup()
        let ends = Journal<InputReader.End>()
        let reader = reader([.file(fifo)])
        DispatchQueue(label: "test.reader").async(group: done) { ends.note(reader.run()) }
        wake.wake()
        done.wait()
        #expect(ends.all == [.stopped])
    }

    @Test("A FIFO is read until its last writer leaves")
    func writtenFIFO() throws {
        let folder = try TemporaryFolder()
        let fifo = folder.path.appending("fifo")
        try #require(mkfifo(fifo.string, 0o600) == 0)
        let done = DispatchGroup()
        let ends = Journal<InputReader.End>()
        let reader = reader([.file(fifo)])
        DispatchQueue(label: "test.reader").async(group: done) { ends.note(reader.run()) }
        let writer = try FileDescriptor.open(fifo, .writeOnly)
        try writer.writeAll("one\ntwo".utf8)
        try writer.close()
        done.wait()
        #expect(ends.all == [.finished])
        #expect(lines.all == ["1 one", "2 two"])
    }

    @Test("The departure of the output's reader is noticed while no input comes")
    func hangUp() throws {
        let input = try FileDescriptor.pipe()
        let output = try FileDescriptor.pipe()
        try output.readEnd.close()
        #expect(output.writeEnd.canHangUp)
        #expect(reader([.descriptor(input.readEnd)], output: output.writeEnd).run() == .outputClosed)
        for descriptor in [input.readEnd, input.writeEnd, output.writeEnd] { try descriptor.close() }
    }
}
