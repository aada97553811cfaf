import Dispatch
@testable import Flow
import Foundation
import Synchronization
import SystemPackage
@testable import Wire

@testable import Flow

/// A pipeline between two pipes, of which the test holds the other ends.
final class StreamUnderTest: Sendable {
    let pipeline: Pipeline<FakeModel>
    let pictures = FakePictures()
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let lines: Mutex<LineBuffer>
    private let done = DispatchGroup()
    private let ending = Mutex<Ending?>(nil)

    private struct LineBuffer {
        var bytes: [UInt8] = []
    }

    init(_ model: FakeModel = FakeModel(), jobs: Int = 1, window: Int = 8, change: (inout Plan) -> Void = { _ in })
        throws
    {
        // A closed output must be an error of the write, as it is in the program.
        signal(SIGPIPE, SIG_IGN)
        var plan = Plan(jobs: jobs, window: window)
        change(&plan)
        pipeline = try Pipeline(model: model, pictures: pictures, plan: plan)
        let toPipeline = try FileDescriptor.pipe()
        let fromPipeline = try FileDescriptor.pipe()
        input = toPipeline.writeEnd
        output = fromPipeline.readEnd
        lines = Mutex(LineBuffer())
        DispatchQueue(label: "test.stream").async(group: done) { [self] in
            let ending = pipeline.run([.descriptor(toPipeline.readEnd)], to: fromPipeline.writeEnd)
            try? fromPipeline.writeEnd.close()
            try? toPipeline.readEnd.close()
            self.ending.withLock { $0 = ending }
        }
    }

    /// Sends posts, one line each.
    func send(_ posts: (text: String, image: String?)...) throws {
        let lines = posts.map { text, image in
            "{\"text\":\"\(text)\"" + (image.map { ",\"image\":\"\($0)\"" } ?? "") + "}\n"
        }
        try send(raw: lines.joined())
    }

    func send(raw: String) throws { try input.writeAll(raw.utf8) }

    /// Says that no more will be sent.
    func endInput() throws { try input.close() }

    /// Stops reading answers, as a program that has seen enough.
    func closeOutput() throws { try output.close() }

    /// The next answer; waits for it. `nil` at the end.
    func answer() throws -> [String: any Sendable]? {
        try lines.withLock { buffer in
            while true {
                if let end = buffer.bytes.firstIndex(of: 0x0A) {
                    let line = Data(buffer.bytes[..<end])
                    buffer.bytes.removeSubrange(...end)
                    return try JSONSerialization.jsonObject(with: line) as? [String: any Sendable]
                }
                var piece = [UInt8](repeating: 0, count: 4096)
                let count = try piece.withUnsafeMutableBytes { try output.read(into: $0) }
                if count == 0 { return nil }
                buffer.bytes += piece[..<count]
            }
        }
    }

    /// What is left of the output, as it was written.
    func bytes() throws -> [UInt8] {
        var bytes = lines.withLock(\.bytes)
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = try piece.withUnsafeMutableBytes({ try output.read(into: $0) }), count > 0 {
            bytes += piece[..<count]
        }
        return bytes
    }

    /// All answers that are left.
    func answers() throws -> [[String: any Sendable]] {
        var all: [[String: any Sendable]] = []
        while let answer = try answer() { all.append(answer) }
        return all
    }

    /// Waits for the end.
    func end() -> Ending? {
        done.wait()
        return ending.withLock { $0 }
    }
}

extension [String: any Sendable] {
    var line: Int? { self["line"] as? Int }
    var errorCode: String? { (self["error"] as? [String: any Sendable])?["code"] as? String }
    var triples: [[String: any Sendable]] { self["triples"] as? [[String: any Sendable]] ?? [] }
    var warningCodes: [String] {
        (self["warnings"] as? [[String: any Sendable]] ?? []).compactMap { $0["code"] as? String }
    }
}
