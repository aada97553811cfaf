import Testing

@testable import Delegates

struct CircuitBreakerTests {
    @Test("it opens after so many failures in a row, tries one question after a pause, and pauses longer each time")
    func opens() {
        var breaker = CircuitBreaker(failures: 3, pause: 10, longestPause: 25)
        #expect(fail(&breaker, now: 0) == false)
        #expect(fail(&breaker, now: 0) == false)
        breaker.succeeded()
        #expect(fail(&breaker, now: 1) == false)
        #expect(fail(&breaker, now: 1) == false)
        #expect(fail(&breaker, now: 1) == true)
        #expect(breaker.state == .open(until: 11))
        var now: UInt64 = 11
        for pause: UInt64 in [20, 25, 25] {
            #expect(admits(&breaker, now: now - 1) == false)
            #expect(admits(&breaker, now: now) == true)
            #expect(admits(&breaker, now: now) == false, "one question alone is tried")
            #expect(fail(&breaker, now: now) == true)
            #expect(breaker.state == .open(until: now + pause))
            now += pause
        }
        #expect(admits(&breaker, now: now) == true)
        breaker.succeeded()
        #expect(breaker.state == .closed)
        #expect(admits(&breaker, now: now) == true)
    }

    private func admits(_ breaker: inout CircuitBreaker, now: UInt64) -> Bool { breaker.admits(now: now) }
    private func fail(_ breaker: inout CircuitBreaker, now: UInt64) -> Bool { breaker.fail(now: now) }
}
