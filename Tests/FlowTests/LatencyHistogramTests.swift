import Testing

@testable import Flow

struct LatencyHistogramTests {
    @Test("Percentiles are those of the sorted values, at most a sixteenth above")
    func percentiles() {
        var random = SeededGenerator(seed: 1)
        var histogram = LatencyHistogram()
        let values = (0..<5000).map { _ in
            UInt64.random(in: 0...(1 << UInt64.random(in: 1...40, using: &random)), using: &random)
        }
        for value in values { histogram.add(value) }
        let sorted = values.sorted()
        for quantile in [0.0, 0.01, 0.5, 0.95, 0.99, 0.999, 1] {
            let exact = sorted[max(0, Int((quantile * 5000).rounded(.up)) - 1)]
            let found = histogram.quantile(quantile)
            #expect(found >= exact && Double(found) <= Double(exact) * 17 / 16 + 1, "quantile \(quantile)")
        }
        #expect(histogram.longest == sorted.last)
    }

    @Test("The ends of the range")
    func ends() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == 0)
        histogram.add(0)
        histogram.add(.max)
        #expect(histogram.quantile(0.5) == 0)
        #expect(histogram.quantile(1) == .max)
    }
}
