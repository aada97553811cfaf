import Foundation
import Glibc
import SystemPackage
import Testing

@testable import Flow

/// What a process cannot do any more once it has given it up.
@Suite struct SandboxTests {
    @Test("A process in the sandbox reads what it needs, and cannot read, write, run or reach anything else")
    func enter() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let folder = FilePath(NSTemporaryDirectory()).appending("gmner-\(UUID().uuidString)")
            let (inside, outside, logs) = (folder.appending("in"), folder.appending("out"), folder.appending("log"))
            for path in [inside, outside, logs] {
                try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
                try Data("x".utf8).write(to: URL(fileURLWithPath: path.appending("file").string))
            }
            let inForce = Sandbox.enter(.init(readable: [inside], writable: [logs]))
            // On another thread too: one that begins afterwards. A task might be run by one that was there before.
            let failures = await onNewThread { () -> [Int32] in
                func failure(_ body: () throws -> FileDescriptor) -> Int32 {
                    do {
                        try body().close()
                        return 0
                    } catch {
                        return (error as? Errno)?.rawValue ?? -1
                    }
                }
                return [
                    failure { try FileDescriptor.open(inside.appending("file"), .readOnly) },
                    failure { try FileDescriptor.open(outside.appending("file"), .readOnly) },
                    failure { try FileDescriptor.open("/etc/passwd", .readOnly) },
                    failure { try FileDescriptor.open(inside.appending("file"), .writeOnly) },
                    failure {
                        try FileDescriptor.open(
                            logs.appending("new"), .writeOnly, options: .create, permissions: .ownerReadWrite)
                    },
                    socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) < 0 ? errno : 0,
                    execv("/bin/true", [nil]) < 0 ? errno : 0,
                ]
            }
            guard inForce.contains(where: { $0.hasPrefix("landlock") }) else {
                // An old kernel: the calls are gone all the same.
                exit(Array(failures.suffix(2)) == [EPERM, EPERM] ? 0 : 1)
            }
            exit(failures == [0, EACCES, EACCES, EACCES, 0, EPERM, EPERM] ? 0 : 2)
        }
    }

    @Test("What cannot be found is not taken away")
    func missing() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let inForce = Sandbox.enter(.init(readable: ["/no/such/folder"]))
            exit(inForce.contains { $0.hasPrefix("landlock") } ? 1 : 0)
        }
    }
}

/// What `body` gives on a thread that the calling one starts.
private func onNewThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: body()) }.start()
    }
}
