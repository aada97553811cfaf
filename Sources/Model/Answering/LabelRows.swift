import Kernels
import Text

/// What the text encoder makes of the names that outside tools have for things: few names come again and again.
package struct LabelRows {
    private var known: [ExactString: [Float]] = [:]
    /// The most that are kept: more than any detector has classes, few of its kind excepted.
    private static let most = 4096

    /// Nothing known yet.
    init() {}

    /// One row of `width` columns a label: the mean of its words' rows; zeros where there is none.
    ///
    /// - Parameter read: Rows of the words of texts, as ``GroundingWorker/rows(of:)`` gives them.
    mutating func rows(
        of labels: [String?], width: Int, read: ([String]) throws(ShapeError) -> [[Float]]
    ) throws(ShapeError) -> [Float] {
        let asked = Set(labels.compactMap { $0?.exact })
        if known.count + asked.count > Self.most { known = [:] }
        let missing = asked.filter { known[$0] == nil }.map(\.string)
        if !missing.isEmpty {
            for (label, rows) in zip(missing, try read(missing)) { known[label.exact] = Self.mean(rows, width: width) }
        }
        return labels.flatMap { $0.flatMap { known[$0.exact] } ?? [Float](repeating: 0, count: width) }
    }

    /// The mean of rows; zeros of none.
    package static func mean(_ rows: [Float], width: Int) -> [Float] {
        var mean = [Float](repeating: 0, count: width)
        let count = rows.count / width
        for start in stride(from: 0, to: count * width, by: width) {
            for column in 0..<width { mean[column] += rows[start + column] / Float(count) }
        }
        return mean
    }
}
