import COpenBLAS

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
