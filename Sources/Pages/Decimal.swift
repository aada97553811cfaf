import JSON

extension Double {
    /// The number with at most so many digits after the point, as answers write it.
    package func rounded(to decimals: Int) -> String {
        guard isFinite else { return "–" }
        var bytes: [UInt8] = []
        bytes.appendNumber(self, decimals: decimals)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A share as a percentage, with one digit after the point.
    package var percent: String { (self * 100).rounded(to: 1) + " %" }
}
