import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program that runs, seen from outside.
struct Running: Sendable {
    let process: pid_t
    /// The writing end of its input, if that is a pipe.
    let input: PipeEnd?
    /// The reading end of its output, if that is a pipe.
    let output: PipeEnd?

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process, number) }

    /// A number of kibibytes that the kernel tells of it, in bytes: `VmRSS`, `VmHWM`.
    func memory(_ name: String) -> Int? {
        guard let status = kernelFile("status"),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") })
        else { return nil }
        return Int(line.filter(\.isNumber)).map { $0 << 10 }
    }

    private func kernelFile(_ name: String) -> String? {
        (try? Bytes.read(FilePath("/proc/\(process)/\(name)"))).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Lets the kernel count the peak of its memory from here on.
    func forgetPeak() { try? "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8) }

    /// What it has had of the processors, and how long its threads waited for one.
    func processorTime() -> (used: Duration, awaited: Duration) {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        var (used, awaited) = (0, 0)
        for task in tasks {
            let numbers = kernelFile("task/\(task)/schedstat")?.split(separator: " ").map { Int($0) }
            used += (numbers?.first ?? 0) ?? 0
            awaited += (numbers?.dropFirst().first ?? 0) ?? 0
        }
        return (.nanoseconds(used), .nanoseconds(awaited))
    }

    /// Whether it has come to its end, and waits to be taken note of.
    var hasEnded: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG) != 0
            || information.si_signo == SIGCHLD
    }
}

/// How a program ended.
struct Ending: Sendable {
    let status: TerminationStatus
    let time: Duration
    /// What it had of the processors.
    let processorTime: Duration
    /// The most of its memory that was resident, in bytes.
    let peakMemory: Int
    /// Whether it had to be killed because its time was over.
    let isHung: Bool
    /// The beginning of what it said on standard error.
    let messages: String
}
