import COpenBLAS
import Glibc

/// The linear-algebra library underneath.
package enum BLAS {
    /// Keeps every product on the thread that asks for it.
    ///
    /// Parallelism across posts beats parallelism inside small matrices, and OpenBLAS has one process-wide
    /// pool that several callers would fight over.
    package static func useCallingThreadOnly() {
        openblas_set_num_threads(1)
    }

    /// Version, build options and the kind of core whose kernels are in use.
    package static var description: String {
        let build = unsafe openblas_get_config().map { unsafe String(cString: $0) } ?? "OpenBLAS"
        return "\(build.split(separator: " ").joined(separator: " ")), kernels for \(core ?? "unknown core")"
    }

    /// Whether small products read their operands where they are, instead of copying them into another order first:
    /// OpenBLAS has such kernels for processors with AVX-512, and uses them up to ``largestProductInPlace``.
    static let multipliesInPlace = ["SkylakeX", "Cooperlake", "SapphireRapids"].contains(core)

    /// Multiplications of the largest product that is made in place.
    static let largestProductInPlace = 1_000_000

    private static var core: String? { unsafe openblas_get_corename().map { unsafe String(cString: $0) } }
}

extension BLAS {
    /// Address space that a thread takes with its products: OpenBLAS' buffer, as large as it is built with, and what lies
    /// between buffers.
    package static let bytesOfBuffer = 152 << 20

    /// Takes the buffers that products on so many threads at once need.
    ///
    /// OpenBLAS takes a buffer with the first product that needs it and, where there is no room left (`ulimit -v`), tries
    /// for ever. So it is taken before anything else takes the room, by whoever has seen that there is some.
    package static func takeBuffers(_ count: Int) {
        // Not in its headers, but there since its beginnings.
        guard let take = unsafe dlsym(nil, "blas_memory_alloc"), let give = unsafe dlsym(nil, "blas_memory_free") else {
            return
        }
        let buffers = unsafe (0..<count).map { _ in
            unsafe unsafeBitCast(take, to: (@convention(c) (CInt) -> UnsafeMutableRawPointer?).self)(0)
        }
        unsafe buffers.forEach {
            unsafe unsafeBitCast(give, to: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)($0)
        }
    }
}
