import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// A running `gmner-stream` whose input, output and errors the test holds in its hands. Waiting for it blocks: suites of
/// such tests run them on threads of their own.
final class LiveStream: Sendable {
    let process: pid_t
    private let input: FileDescriptor
    private let output: LinesOfPipe
    private let errors: LinesOfPipe
    private let closed = Mutex<Set<Int32>>([])

    /// Runs the filter while `body` does something with it, and returns how it ended.
    ///
    /// - Parameters:
    ///   - arguments: of the filter.
    ///   - shell: what a shell does before it becomes the filter: `trap '' PIPE`, `ulimit -f 8`.
    ///   - outputRoom: bytes that the output pipe holds, where a test wants it to fill up soon.
    static func run(
        _ arguments: [String] = [], shell: String = "", outputRoom: Int32? = nil,
        body: (LiveStream) async throws -> Void
    ) async throws -> TerminationStatus {
        let (input, output, errors) = try (pipe(), pipe(), pipe())
        if let outputRoom { try #require(fcntl(output.writeEnd.rawValue, setPipeSize, outputRoom) >= outputRoom) }
        var environment = try await Programs.environment()
        // A program that crashes must not be kept by a backtrace that nobody reads.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: Arguments(["-c", "\(shell)\nexec gmner-stream \"$@\"", "sh"] + arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            input: .fileDescriptor(input.readEnd, closeAfterSpawningProcess: true),
            output: .fileDescriptor(output.writeEnd, closeAfterSpawningProcess: true),
            error: .fileDescriptor(errors.writeEnd, closeAfterSpawningProcess: true)
        ) { execution in
            let stream = LiveStream(
                execution.processIdentifier.value, input.writeEnd, output.readEnd, errors.readEnd)
            defer { stream.close() }
            do {
                try await body(stream)
            } catch {
                stream.signal(SIGKILL)
                throw error
            }
        }
        return result.terminationStatus
    }

    private init(
        _ process: pid_t, _ input: FileDescriptor, _ output: FileDescriptor, _ errors: FileDescriptor
    ) {
        self.process = process
        self.input = input
        self.output = LinesOfPipe(output)
        self.errors = LinesOfPipe(errors)
    }

    /// Sends bytes as they are.
    func send(_ text: String) throws { try input.writeAll(text.utf8) }

    /// Sends posts, one line each.
    func send(posts: Int) throws {
        for post in 0..<posts { try send("{\"id\":\(post),\"text\":\"Post \(post) from Paris\"}\n") }
    }

    /// Says that no more will be sent.
    func endInput() throws { try once(input) { try input.close() } }

    /// Stops reading answers.
    func closeOutput() throws { try once(output.descriptor) { try output.descriptor.close() } }

    /// The next answer; waits for it. `nil` at the end.
    func answer() throws -> [String: any Sendable]? { try output.next().map(object) }

    /// The next bytes of the answers, at most `count`; waits for them. Empty at the end. Not to be mixed with answers.
    func bytes(_ count: Int) throws -> ArraySlice<UInt8> { try output.bytes(count) }

    /// All answers that are left.
    func answers() throws -> [[String: any Sendable]] {
        var all: [[String: any Sendable]] = []
        while let answer = try answer() { all.append(answer) }
        return all
    }

    /// The next line on standard error; waits for it.
    func message() throws -> String? { try errors.next() }

    /// Everything on standard error that is left.
    func messages() throws -> [String] {
        var all: [String] = []
        while let message = try message() { all.append(message) }
        return all
    }

    func signal(_ number: Int32) { kill(process, number) }

    /// Whether the process comes to its end by itself within this time, while its errors are not read.
    func ends(within time: Duration) async -> Bool {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            var information = siginfo_t()
            // Looked at and left as it is, for whoever waits for it; when that one was faster there is no such child.
            if waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG) != 0 { return true }
            if information.si_signo == SIGCHLD { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Asks for the statistics so far, and waits for them.
    func statistics() throws -> [String: any Sendable] {
        signal(SIGUSR1)
        return try object(#require(try message()))
    }

    /// Asks until a count has come to a value: an answer may be here before it has been counted there.
    @discardableResult
    func awaitStatistics(_ name: String, _ count: Int) throws -> [String: any Sendable] {
        while true {
            let statistics = try statistics()
            if statistics[name] as? Int == count { return statistics }
            usleep(1_000)
        }
    }

    private func object(_ line: String) throws -> [String: any Sendable] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: any Sendable])
    }

    private func close() {
        try? endInput()
        try? closeOutput()
        try? once(errors.descriptor) { try errors.descriptor.close() }
    }

    private func once(_ descriptor: FileDescriptor, _ body: () throws -> Void) throws {
        guard closed.withLock({ $0.insert(descriptor.rawValue).inserted }) else { return }
        try body()
    }

    private static func pipe() throws -> (readEnd: FileDescriptor, writeEnd: FileDescriptor) {
        let ends = try #require(PrivatePipe.open())
        return (FileDescriptor(rawValue: ends.readEnd), FileDescriptor(rawValue: ends.writeEnd))
    }

    /// `F_SETPIPE_SZ` of Linux, which Glibc's module leaves out.
    private static let setPipeSize: Int32 = 1031
}

/// Lines that come out of a pipe.
private final class LinesOfPipe: Sendable {
    let descriptor: FileDescriptor
    private let buffer = Mutex<[UInt8]>([])

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// The next line without its newline; waits for it. `nil` at the end.
    func next() throws -> String? {
        try buffer.withLock { buffer in
            while true {
                if let end = buffer.firstIndex(of: 0x0A) {
                    defer { buffer.removeSubrange(...end) }
                    return String(decoding: buffer[..<end], as: UTF8.self)
                }
                let piece = try bytes(1 << 16)
                if piece.isEmpty {
                    return buffer.isEmpty ? nil : "no newline after: \(String(decoding: buffer, as: UTF8.self))"
                }
                buffer += piece
            }
        }
    }

    func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        var piece = [UInt8](repeating: 0, count: count)
        let count = try piece.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        return piece[..<count]
    }
}

extension [String: any Sendable] {
    var line: Int? { self["line"] as? Int }
}
