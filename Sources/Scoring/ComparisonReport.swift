import Corpora
import Geometry
package import JSON

extension Comparison {
    /// The comparison as lines of text: a row a task, then posts with differences, at most `limit` of them.
    package func table(listing limit: Int) -> String {
        var rows = [
            hasGold ? ["F1", "a", "b", "b - a", "95 %", "p"] : ["", "agreement", "same", "a", "b"]
        ]
        for task in tasks {
            guard let other = task.other, let difference = task.difference else {
                let counts = task.one
                rows.append(
                    [task.task.title, TextTable.percent(counts.f1)]
                        + [counts.correct, counts.gold, counts.predicted].map(String.init))
                continue
            }
            let range = task.interval.map {
                "\(TextTable.percent($0.lowerBound)) to \(TextTable.percent($0.upperBound))"
            }
            rows.append([
                task.task.title, TextTable.percent(task.one.f1), TextTable.percent(other.f1),
                TextTable.percent(difference), range ?? "", task.chance.map(Self.threeDigits) ?? "",
            ])
        }
        var text = TextTable.lines(rows) + "\n\(disagreements.count) of \(posts) posts differ\n"
        for disagreement in disagreements.prefix(limit) {
            let words =
                disagreement.post.isTextKnown ? ": " + disagreement.post.words.joined(separator: " ") : ""
            text += "\npost \(disagreement.post.id)\(words)\n"
            text += TextTable.lines(Self.rows("a", disagreement.one) + Self.rows("b", disagreement.other))
        }
        let left = disagreements.count - limit
        if left > 0 { text += "\nand \(left) more\n" }
        return text
    }

    private static func rows(_ side: String, _ said: [Said]) -> [[String]] {
        said.map { said in
            let place = "\(said.entity.scalars.lowerBound)-\(said.entity.scalars.upperBound)"
            let box = said.entity.boxes.map { boxes in
                boxes.first.map { "[\($0.x1),\($0.y1),\($0.x2),\($0.y2)]" } ?? "no box"
            }
            return [
                "  \(side)", place, said.entity.fineType ?? said.entity.type, "“\(said.entity.name)”",
                box ?? "",
                said.isRight.map { $0 ? "right" : "wrong" } ?? "",
            ]
        }
    }

    private static func threeDigits(_ share: Double) -> String {
        let thousandths = String(Int((share * 1000).rounded(), within: 0...1000))
        return thousandths.count > 3
            ? "1.000" : "0." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
    }

    /// The comparison as one JSON object, with all differences; shares are 0…1.
    package var json: JSONValue {
        .object([
            .init("posts", .integer(posts)),
            .init("tasks", .object(tasks.map { .init($0.task.rawValue, Self.json($0)) })),
            .init("differences", .array(disagreements.map(Self.json))),
        ])
    }

    private static func json(_ task: Task) -> JSONValue {
        guard let other = task.other, let difference = task.difference else {
            return .object([
                .init("agreement", .share(task.one.f1)), .init("same", .integer(task.one.correct)),
                .init("a", .integer(task.one.gold)), .init("b", .integer(task.one.predicted)),
            ])
        }
        var members: [JSONValue.Member] = [
            .init("a", .object(task.one.members)), .init("b", .object(other.members)),
            .init("difference", .share(difference)),
        ]
        if let interval = task.interval {
            members.append(
                .init("difference_95", .array([.share(interval.lowerBound), .share(interval.upperBound)])))
        }
        if let chance = task.chance { members.append(.init("p", .share(chance))) }
        return .object(members)
    }

    private static func json(_ disagreement: Disagreement) -> JSONValue {
        var members = [JSONValue.Member("id", .string(disagreement.post.id))]
        if disagreement.post.isTextKnown {
            members.append(.init("text", .string(disagreement.post.text)))
        }
        members.append(.init("a", .array(disagreement.one.map(json))))
        members.append(.init("b", .array(disagreement.other.map(json))))
        return .object(members)
    }

    private static func json(_ said: Said) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("entity", .string(said.entity.name)), .init("type", .string(said.entity.type)),
            .init("start", .integer(said.entity.scalars.lowerBound)),
            .init("end", .integer(said.entity.scalars.upperBound)),
        ]
        if let fine = said.entity.fineType { members.append(.init("fine_type", .string(fine))) }
        if let boxes = said.entity.boxes {
            let edges = boxes.first.map { box in
                JSONValue.array([box.x1, box.y1, box.x2, box.y2].map { .number($0, decimals: 2) })
            }
            members.append(.init("box", edges ?? .null))
        }
        if let isRight = said.isRight { members.append(.init("right", .boolean(isRight))) }
        return .object(members)
    }
}
