import Geometry
package import JSON
import Wire

extension EvaluationReport {
    /// The report as lines of text, columns aligned; percentages with two digits, as papers print them.
    package var table: String {
        var rows = [["", "P", "R", "F1", "95 %", "right", "said", "gold"]]
        for score in tasks {
            rows.append(Self.row(score.task.title, score.counts, score.interval))
            for (type, counts) in score.byType { rows.append(Self.row("  " + type, counts)) }
            if score.byType.count > 1 { rows.append(["  macro", "", "", Self.percent(score.macroF1)]) }
            if let counts = score.grounded { rows.append(Self.row("  with a box", counts)) }
            if let counts = score.ungrounded { rows.append(Self.row("  without a box", counts)) }
        }
        var text = TextTable.lines(rows)
        let sign = rule.inclusive ? "≥" : ">"
        text +=
            "\n\(posts) posts; a box counts as hit with an intersection over union \(sign) \(rule.threshold)\n"
        if let gate {
            let auc = gate.auc.map { ", AUC \(Self.percent($0))" } ?? ""
            text +=
                "visible or not, over \(gate.count) entities found: accuracy \(Self.percent(gate.accuracy))\(auc)\n"
        }
        if let overlap {
            text += "intersection over union, over \(overlap.count) entities with boxes on both sides: "
            text += "mean \(Self.percent(overlap.mean)), median \(Self.percent(overlap.median)), "
            text += "hits \(Self.percent(overlap.hits))\n"
            text += "  by tenths: \(overlap.tenths.map(String.init).joined(separator: " "))\n"
        }
        if !uncertainty.isEmpty {
            let rows = [["uncertainty of", "AUROC", "95 %", "said", "wrong"]] + uncertainty.map(Self.row)
            text += "\n" + TextTable.lines(rows)
        }
        return text
    }

    private static func row(_ name: String, _ counts: Counts, _ interval: ClosedRange<Double>? = nil)
        -> [String]
    {
        return [
            name, percent(counts.precision), percent(counts.recall), percent(counts.f1), interval.map(range) ?? "",
            String(counts.correct), String(counts.predicted), String(counts.gold),
        ]
    }

    private static func row(_ score: UncertaintyScore) -> [String] {
        [
            score.part.rawValue, score.auc.map(percent) ?? "", score.interval.map(range) ?? "", String(score.count),
            String(score.wrong),
        ]
    }

    private static func range(_ interval: ClosedRange<Double>) -> String {
        "\(percent(interval.lowerBound))–\(percent(interval.upperBound))"
    }

    private static func percent(_ share: Double) -> String { TextTable.percent(share) }

    /// The report as one JSON object; shares are 0…1.
    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("posts", .integer(posts)),
            .init("iou_threshold", .number("\(rule.threshold)")),
            .init("iou_inclusive", .boolean(rule.inclusive)),
            .init("tasks", .object(tasks.map { .init($0.task.rawValue, $0.json) })),
        ]
        if let gate {
            members.append(
                .init(
                    "gate",
                    .object([
                        .init("count", .integer(gate.count)), .init("accuracy", .share(gate.accuracy)),
                        .init("auc", gate.auc.map(JSONValue.share) ?? .null),
                    ])))
        }
        if let overlap {
            members.append(
                .init(
                    "iou",
                    .object([
                        .init("count", .integer(overlap.count)), .init("mean", .share(overlap.mean)),
                        .init("median", .share(overlap.median)), .init("hits", .share(overlap.hits)),
                        .init("tenths", .array(overlap.tenths.map(JSONValue.integer))),
                    ])))
        }
        if !uncertainty.isEmpty {
            members.append(.init("uncertainty", .object(uncertainty.map { .init($0.part.rawValue, $0.json) })))
        }
        return .object(members)
    }
}

extension UncertaintyScore {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("count", .integer(count)), .init("wrong", .integer(wrong)),
            .init("auroc", auc.map(JSONValue.share) ?? .null),
        ]
        if let interval {
            members.append(
                .init("auroc_95", .array([.share(interval.lowerBound), .share(interval.upperBound)])))
        }
        return .object(members)
    }
}

extension TaskScore {
    fileprivate var json: JSONValue {
        var members = counts.members
        if let interval {
            members.append(
                .init("f1_95", .array([.share(interval.lowerBound), .share(interval.upperBound)])))
        }
        if !byType.isEmpty { members.append(.init("macro_f1", .share(macroF1))) }
        members.append(
            .init("types", .object(byType.map { .init($0.type, .object($0.counts.members)) })))
        if let grounded { members.append(.init("grounded", .object(grounded.members))) }
        if let ungrounded { members.append(.init("ungrounded", .object(ungrounded.members))) }
        return .object(members)
    }
}

extension Counts {
    var members: [JSONValue.Member] {
        [
            .init("precision", .share(precision)), .init("recall", .share(recall)),
            .init("f1", .share(f1)),
            .init("correct", .integer(correct)), .init("predicted", .integer(predicted)),
            .init("gold", .integer(gold)),
        ]
    }
}

extension JSONValue {
    static func share(_ value: Double) -> JSONValue { .number(Float(value), decimals: 6) }
}
