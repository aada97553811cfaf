import Glibc
import SystemPackage

/// The CPUs of the machine.
package enum Processors {
    /// How many CPUs this process may run on: taskset, cgroup cpusets and job schedulers restrict the affinity mask.
    package static func allowed() -> Int {
        // Groups of hexadecimal digits: "ff,ffffffff". Glibc's module leaves out sched_getaffinity(2).
        let mask = KernelFile.value(of: "Cpus_allowed", in: "/proc/self/status") ?? ""
        let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : online
    }

    /// The kind of CPU, and how many of them may be used.
    package static var description: String {
        "\(KernelFile.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown CPU"), \(allowed()) of \(online) CPUs"
    }

    private static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
