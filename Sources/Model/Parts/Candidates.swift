package import Geometry
import Kernels

/// Where the entities of a batch may be: candidate boxes of each, in order of entities.
package struct Candidates: Sendable {
    /// Where a candidate comes from.
    package enum Source: Int, Sendable, CaseIterable {
        /// The same in every picture.
        case anchor
        /// Proposed by a patch at a peak of the entity's mask.
        case peak
        /// Drawn by regression.
        case drawn
        /// Seen by an outside tool.
        case region
    }

    /// One of them.
    package struct Candidate: Sendable {
        /// Where it is.
        package var box: RelativeBox
        /// Where it comes from.
        package var source: Source
        /// Its place among the batch's regions; `nil` for others.
        var region: Int?
        /// How far what is written there, or what it is called, is the entity's name.
        var match: Float = 0
    }

    /// All of them, entity by entity.
    package private(set) var all: [Candidate] = []
    /// Candidates of each entity.
    package private(set) var counts: [Int] = []

    /// Adds an entity's.
    mutating func append(_ candidates: [Candidate]) {
        all += candidates
        counts.append(candidates.count)
    }

    /// Places of each entity's candidates.
    package var ranges: [Range<Int>] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return start..<start + count
        }
    }

    /// The entity of each candidate.
    var entities: [Int32] { counts.enumerated().flatMap { repeatElement(Int32($0), count: $1) } }

    /// An entity with each of its candidates.
    func groups() throws(ShapeError) -> PairGroups {
        try PairGroups(queryLengths: counts.map { _ in 1 }, keyLengths: counts)
    }
}

/// What outside tools saw in the pictures of a batch's posts.
package struct RegionBatch<Value> {
    /// Regions of each post.
    package var regions: [[SeenRegion]]
    /// What each is called, as the text encoder reads it: the mean of its words' rows, zeros without a label; `regions × text
    /// width`.
    package var labels: Value
    /// For each entity of each post, how far each of the post's regions has its name: ``SeenRegion/match(of:)``.
    package var matches: [[Float]]

    /// Regions by their parts.
    package init(regions: [[SeenRegion]], labels: Value, matches: [[Float]]) {
        self.regions = regions
        self.labels = labels
        self.matches = matches
    }
}
