import Wire
import JSON

/// As much of an answer as a page shows.
struct ViewedAnswer {
    struct Triple {
        let entity: String
        let type: String
        let score: Double?
        let visible: Double?
        /// Left, top, right, bottom in pixels of the stored picture.
        let box: [Double]?
        let boxScore: Double?
        /// Which of several pictures the box is in, from 0.
        let picture: Int
    }

    private(set) var triples: [Triple] = []
    /// Warnings, and why there is no answer.
    private(set) var remarks: [String] = []

    /// Takes a line of the filter's output: a post with its triples, or one triple (`--emit triples`).
    mutating func add(_ answer: JSONValue) {
        let found = answer["triples"]?.elements ?? (answer["entity"] == nil ? [] : [answer])
        for triple in found {
            let box = triple["box"]?.elements?.compactMap(\.double)
            triples.append(
                Triple(
                    entity: triple["entity"]?.string ?? "", type: triple["type"]?.string ?? "",
                    score: triple["score"]?.double, visible: triple["visible"]?.double,
                    box: box?.count == 4 ? box : nil, boxScore: triple["box_score"]?.double,
                    picture: triple["picture"]?.integer ?? 0))
        }
        let troubles = (answer["warnings"]?.elements ?? []) + [answer["error"]].compactMap(\.self)
        remarks += troubles.compactMap { $0["message"]?.string }
    }
}
