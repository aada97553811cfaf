import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

extension Scene {
    /// Runs a program to its end, while `body` does something with it.
    ///
    /// - Parameter limit: How long it may take, whatever is done to it; then it is killed, and counts as hung.
    func run(
        _ command: Command, within limit: Duration = .seconds(60), _ body: (Running) async throws -> Void = { _ in }
    ) async throws -> Ending {
        let errors = scratch.appending("errors")
        let plumbing = try Plumbing(command, errors: errors)
        let variables = environment.merging(command.environment) { _, own in own }
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: Arguments(arguments(of: command)),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: scratch,
            input: .fileDescriptor(plumbing.input, closeAfterSpawningProcess: true),
            output: .fileDescriptor(plumbing.output, closeAfterSpawningProcess: true),
            error: .fileDescriptor(plumbing.errors, closeAfterSpawningProcess: true)
        ) { execution -> (usage: rusage, isHung: Bool) in
            let running = Running(
                process: execution.processIdentifier.value, input: plumbing.sender, output: plumbing.receiver)
            let watchdog = Watchdog(running.process, limit)
            defer { watchdog.cancel() }
            do {
                try await body(running)
            } catch {
                running.signal(SIGKILL)
                plumbing.sender?.awaitFeeder()
                throw error
            }
            plumbing.sender?.closeUnlessFed()
            plumbing.receiver?.close()
            let usage = Self.awaitEnd(of: running.process)
            plumbing.sender?.awaitFeeder()
            return (usage, watchdog.hasBitten)
        }
        let usage = result.closureResult.usage
        return Ending(
            status: result.terminationStatus, time: clock.now - start,
            processorTime: Duration(usage.ru_utime) + Duration(usage.ru_stime), peakMemory: usage.ru_maxrss << 10,
            isHung: result.closureResult.isHung, messages: Self.beginning(of: errors))
    }

    private func arguments(of command: Command) -> [String] {
        ["-c", "\(command.setup)\nexec \(command.prefix) \(command.program) \"$@\"", "sh"] + command.arguments
    }

    /// Waits until a child has ended, leaves it to be taken note of, and says what it took.
    private static func awaitEnd(of process: pid_t) -> rusage {
        var usage = rusage()
        var information = siginfo_t()
        while waitid(waitidNumber, Int(P_PID.rawValue), Int(process), &information, Int(WEXITED | WNOWAIT), &usage)
            != 0,
            errno == EINTR
        {}
        return usage
    }

    #if arch(x86_64)
        private static let waitidNumber = 247
    #else
        private static let waitidNumber = 95
    #endif

    /// The system call, which tells the usage of a child that is left as it is; the C function does not.
    private static let waitid = unsafeBitCast(
        dlsym(nil, "syscall"),
        to: (@convention(c) (
            Int, Int, Int, UnsafeMutablePointer<siginfo_t>, Int, UnsafeMutablePointer<rusage>
        ) -> Int).self)

    private static func beginning(of path: FilePath) -> String {
        let bytes = (try? Bytes.read(path, upTo: 300)) ?? []
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

extension Duration {
    fileprivate init(_ time: timeval) { self = .seconds(time.tv_sec) + .microseconds(time.tv_usec) }
}

/// What a program's three streams are connected to.
private struct Plumbing {
    let input: FileDescriptor
    let output: FileDescriptor
    let errors: FileDescriptor
    private(set) var sender: PipeEnd?
    private(set) var receiver: PipeEnd?
    /// Kept open while the program runs.
    private var unreadEnd: PipeEnd?

    init(_ command: Command, errors: FilePath) throws {
        switch command.input {
        case .file(let path): input = try .open(path, .readOnly)
        case .pipe:
            let ends = try Self.pipe()
            input = ends.readEnd
            sender = PipeEnd(ends.writeEnd)
        }
        switch command.output {
        case .file(let path): output = try Self.newFile(path)
        case .append(let path):
            output = try .open(
                path, .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        case .device(let path): output = try .open(path, .writeOnly)
        case .pipe(let room):
            let ends = try Self.pipe()
            guard fcntl(ends.writeEnd.rawValue, Self.setPipeSize, room) >= room else { throw Errno(rawValue: errno) }
            output = ends.writeEnd
            receiver = PipeEnd(ends.readEnd)
        }
        if command.errorsAreStuck {
            let ends = try Self.pipe()
            guard fcntl(ends.writeEnd.rawValue, Self.setPipeSize, 4_096) == 4_096 else { throw Errno(rawValue: errno) }
            try ends.writeEnd.writeAll([UInt8](repeating: 0x2E, count: 4_096))
            self.errors = ends.writeEnd
            unreadEnd = PipeEnd(ends.readEnd)
        } else {
            self.errors = try Self.newFile(errors)
        }
    }

    private static func newFile(_ path: FilePath) throws -> FileDescriptor {
        try .open(path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    }

    private static func pipe() throws -> (readEnd: FileDescriptor, writeEnd: FileDescriptor) {
        guard let ends = PrivatePipe.open() else { throw Errno(rawValue: errno) }
        return (FileDescriptor(rawValue: ends.readEnd), FileDescriptor(rawValue: ends.writeEnd))
    }

    /// `F_SETPIPE_SZ` of Linux, which Glibc's module leaves out.
    private static let setPipeSize: Int32 = 1031
}

/// Kills a process when its time is over.
private final class Watchdog: Sendable {
    private let state = Mutex((isOff: false, hasBitten: false))

    init(_ process: pid_t, _ limit: Duration) {
        DispatchQueue(label: "watchdog").asyncAfter(deadline: .now() + limit.seconds) { [self] in
            state.withLock { state in
                if state.isOff { return }
                state.hasBitten = true
                kill(process, SIGKILL)
            }
        }
    }

    var hasBitten: Bool { state.withLock { $0.hasBitten } }

    /// From here on the number may be another process's.
    func cancel() { state.withLock { $0.isOff = true } }
}
