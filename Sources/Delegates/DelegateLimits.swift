/// How long an outside model is waited for, and how much it may be asked.
package struct DelegateLimits: Sendable {
    /// The longest wait for an answer, tries together.
    package var timeout: Duration
    /// Questions on their way at once.
    package var atOnce: Int
    /// Questions in a minute; `nil`: as many as there are. Answers from the record do not count.
    package var perMinute: Int?
    /// How often a question is asked again that failed.
    package var retries = 2
    /// The first wait before it is asked again, or before a program that ended is started again; then twice as long.
    package var backOff = Duration.milliseconds(500)
    /// Failures in a row after which nothing is asked for a while.
    package var failures = 8
    /// That while, at first.
    package var pause = Duration.seconds(5)

    /// Limits for programs that answer within seconds.
    package init(timeout: Duration = .seconds(30), atOnce: Int = 64, perMinute: Int? = nil) {
        (self.timeout, self.atOnce, self.perMinute) = (timeout, atOnce, perMinute)
    }
}
