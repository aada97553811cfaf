import COpenBLAS

/// The linear-algebra library underneath.
public enum BLAS {
    /// Keeps every product on the thread that asks for it.
    ///
    /// Parallelism across posts beats parallelism inside small matrices, and OpenBLAS has one process-wide
    /// pool that several callers would fight over.
    public static func useCallingThreadOnly() {
        openblas_set_num_threads(1)
    }
}
