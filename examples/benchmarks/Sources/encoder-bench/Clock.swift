import CProductClock
import Foundation

/// What some work took, in milliseconds.
struct Measurement: Codable {
    /// By the clock on the wall.
    var wall: Double
    /// Processor time of the whole process.
    var cpu: Double
    /// The part of it that matrix products took on this thread.
    var products: Double

    /// Measures some work.
    init(_ work: () throws -> Void) rethrows {
        let wall = Self.seconds(CLOCK_MONOTONIC), cpu = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
        let products = product_clock_seconds()
        try work()
        self.wall = (Self.seconds(CLOCK_MONOTONIC) - wall) * 1e3
        self.cpu = (Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3
        self.products = (product_clock_seconds() - products) * 1e3
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
