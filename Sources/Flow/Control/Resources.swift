import CLinux
import Glibc
import Kernels
import SystemPackage

/// What the system has to give for a stream: asked for at the start, where there is somebody to tell. Later, Dispatch tries
/// for ever to start a thread or stops the program where it gets no descriptor, and OpenBLAS tries for ever to get memory.
package enum Resources {
    /// Threads beside the lanes: reader, writer, signals, console, and what Dispatch has for timers.
    private static let ownThreads = 6
    /// Descriptors beside the lanes: input, metrics or checkpoint and their folder, three of Dispatch, and the pipe that wakes.
    private static let ownDescriptors = 8
    /// Descriptors of a lane: a picture, what names it, and the folder that it has to lie in.
    private static let descriptorsOfJob = 3
    /// Address space beside the lanes, for posts and their pictures.
    private static let spareAddresses = 256 << 20
    /// The least stack of a thread: posts are nested, and so are types that Swift looks up while it runs.
    private static let leastStack = 1 << 20

    /// The least that a limit of memory may be: with less the runtime of the language stops the program anywhere.
    private static let leastMemory = 24 << 20

    /// Whether there is memory enough to say anything at all.
    package static var hasMemoryToStart: Bool { memoryLimit >= leastMemory }

    /// What threads get that are started from now on; returns bytes of a stack.
    static func prepareThreads() -> Int {
        // Each thread would get 64 MiB of addresses to allocate from, and leave holes of its own in them: over twenty thousand
        // posts those grew by a tenth. Where addresses are scarce, the last threads got no stack.
        linux_share_memory(isMemoryLimited ? 1 : 2)
        return linux_ensure_stacks(leastStack)
    }

    /// Takes what a stream needs, and gives it back.
    static func tryOut(_ plan: Plan) throws(PipelineError) {
        let threads = plan.crews.reduce(ownThreads) { $0 + $1.width }
        let stack = prepareThreads()
        if isMemoryLimited {
            guard hasRoom(spareAddresses + threads * stack + plan.jobs * BLAS.bytesOfBuffer) else {
                throw .addressSpace(jobs: plan.jobs)
            }
            BLAS.takeBuffers(plan.jobs)
        }
        do {
            try Threads.tryOut(threads)
        } catch {
            throw .threads(threads, error)
        }
        do {
            try tryOutDescriptors(ownDescriptors + plan.jobs * descriptorsOfJob)
        } catch {
            throw .system(error)
        }
    }

    /// Whether there are limits of memory (`ulimit -v`, `ulimit -d`).
    private static var isMemoryLimited: Bool { memoryLimit < .max }

    private static var memoryLimit: Int {
        [RLIMIT_AS, RLIMIT_DATA].map { resource in
            var limit = rlimit()
            let isKnown = unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0
            return isKnown && limit.rlim_cur < rlim_t(Int.max) ? Int(limit.rlim_cur) : .max
        }.min() ?? .max
    }

    private static func hasRoom(_ bytes: Int) -> Bool {
        // As what may be written: else `ulimit -d` does not count it.
        let room = unsafe mmap(
            nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let room = unsafe room, unsafe room != MAP_FAILED else { return false }
        unsafe munmap(room, bytes)
        return true
    }

    private static func tryOutDescriptors(_ count: Int) throws(Errno) {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        for _ in 0..<count {
            let descriptor = dup(FileDescriptor.standardError.rawValue)
            guard descriptor >= 0 else { throw Errno(rawValue: errno) }
            taken.append(descriptor)
        }
    }
}
