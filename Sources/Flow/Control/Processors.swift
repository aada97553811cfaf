import Glibc
import SystemPackage

/// The CPUs of the machine.
public enum Processors {
    /// How many CPUs this process may run on: taskset, cgroup cpusets and job schedulers restrict the affinity mask.
    public static func allowed() -> Int {
        // Groups of hexadecimal digits: "ff,ffffffff". Glibc's module leaves out sched_getaffinity(2).
        let mask = value(of: "Cpus_allowed", in: "/proc/self/status") ?? ""
        let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : online
    }

    /// The kind of CPU, and how many of them may be used.
    public static var description: String {
        "\(value(of: "model name", in: "/proc/cpuinfo") ?? "unknown CPU"), \(allowed()) of \(online) CPUs"
    }

    private static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The first `name: value` of a file of such lines, where the kernel tells about itself.
    private static func value(of name: String, in path: FilePath) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        var start = [UInt8](repeating: 0, count: 8192)
        let count = unsafe start.withUnsafeMutableBytes { try? unsafe file.read(into: $0) } ?? 0
        for line in String(decoding: start[..<count], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == name else { continue }
            return String(trimmed(parts[1]))
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
