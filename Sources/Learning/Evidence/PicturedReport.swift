import Corpora
import Geometry
import Model
package import Scoring
import Text

extension GroundingReport {
    /// Adds what a model's gate, boxes and answers are worth on posts with their pictures.
    ///
    /// - Parameter bootstrap: How posts are drawn for the confidence intervals.
    /// - Throws: ``DataError`` where answers do not fit their posts.
    package mutating func add(_ answers: PicturedAnswers, bootstrap: Bootstrap = Bootstrap()) throws {
        for (name, posts) in [
            ("found", answers.posts.map(\.foundEntities)), ("gold", answers.posts.map(\.knownEntities)),
        ] {
            let types = answers.typeNames
            addGates(name, posts, bootstrap)
            for type in types where types.count > 1 {
                addGates("\(name) \(type)", posts.map { $0.filter { $0.entity.type.exact == type.exact } }, bootstrap)
            }
            let all = posts.flatMap(\.self)
            addBoxes(name, all)
            addBoxes("\(name) persons", all.filter { $0.role == .person })
            addBoxes("\(name) organisations and others", all.filter { [.organisation, .other].contains($0.role) })
            addRule(name, all)
            addTrust(name, all)
        }
        addStrangePictures(answers.posts)
        try addAnswers(answers, bootstrap)
    }

    /// The gate with the picture, from text alone, and the difference.
    private mutating func addGates(_ name: String, _ posts: [[PicturedEntity]], _ bootstrap: Bootstrap) {
        typealias Decision = VisibilityScore.Decision
        let shown = posts.map { $0.map(\.gateShown) }
        let alone = posts.map { $0.map(\.gateAlone) }
        let auc = { (decisions: [Decision]) in
            areaUnderROC(decisions.map { (score: $0.rank, isPositive: $0.isRight) })
        }
        let accuracy = { (decisions: [Decision]) -> Double? in
            decisions.isEmpty ? nil : Double(decisions.count(where: \.isAccurate)) / Double(decisions.count)
        }
        for (title, posts) in [("with picture", shown), ("text alone", alone)] {
            let score = VisibilityScore(posts.flatMap(\.self))
            func interval(_ value: ([Decision]) -> Double?) -> ClosedRange<Double>? {
                bootstrap.interval(of: posts.count) { drawn in value(drawn.flatMap { posts[$0] }) }
            }
            add(
                "\(name): gate, \(title)", score.count, Share("visible", score.visible), Share("said", score.said),
                Share("accuracy", score.accuracy, interval(accuracy)), Share("auc", score.auc, interval(auc)),
                Share("ece", score.calibrationError), Share("by chance", score.calibrationErrorByChance))
        }
        func difference(_ name: String, _ value: ([Decision]) -> Double?) -> Share? {
            func gain(_ drawn: some Sequence<Int>) -> Double? {
                guard let with = value(drawn.flatMap { shown[$0] }), let without = value(drawn.flatMap { alone[$0] })
                else { return nil }
                return with - without
            }
            return gain(posts.indices).map {
                Share(name, difference: $0, bootstrap.interval(of: posts.count) { gain($0) })
            }
        }
        let shares = [difference("accuracy", accuracy), difference("auc", auc)].compactMap(\.self)
        let count = shown.reduce(0) { $0 + $1.count }
        if count > 0 { rows.append(Row(name: "\(name): gate, gain by the picture", count: count, shares: shares)) }
    }

    /// Boxes of all that can be seen, whatever the gate says.
    private mutating func addBoxes(_ name: String, _ entities: [PicturedEntity]) {
        let visible = entities.filter(\.isVisible)
        add("\(name): boxes of what is visible", visible.count, Share("hits", visible.share(where: \.isHit)))
    }

    /// Boxes that the model answers with.
    private mutating func addRule(_ name: String, _ entities: [PicturedEntity]) {
        let drawn = entities.filter { $0.shown.box != nil }
        let hits = drawn.count { $0.isVisible && $0.isHit }
        let visible = entities.count(where: \.isVisible)
        add(
            "\(name): boxes answered", entities.count,
            Share("visible entities hit", Double(hits) / Double(max(1, visible))), Share("drawn", count: drawn.count),
            Share("right", count: hits), Share("on what is not there", count: drawn.count { !$0.isVisible }))
    }

    /// How far the trust of the boxes of what can be seen can be believed.
    private mutating func addTrust(_ name: String, _ entities: [PicturedEntity]) {
        let score = VisibilityScore(
            entities.filter(\.isVisible).compactMap { entity in
                entity.shown.boxScore.map { VisibilityScore.Decision(probability: $0, isRight: entity.isHit) }
            })
        add(
            "\(name): box_score of what is visible", score.count, Share("right", score.visible),
            Share("said", score.said), Share("auc", score.auc), Share("ece", score.calibrationError),
            Share("by chance", score.calibrationErrorByChance))
    }
}

extension PicturedAnswers {
    /// Types of the entities that are there: those of the field first.
    fileprivate var typeNames: [String] {
        let names = Set(posts.flatMap { $0.truth.entities.lazy.filter { !$0.isUnsure }.map(\.type.exact) })
        let known = TypeInventory.coarse.names.map(\.exact)
        return (known.filter(names.contains) + names.subtracting(known).sorted()).map(\.string)
    }
}

extension Array {
    /// The share of elements that are so; 0 of none.
    fileprivate func share(where isSo: (Element) -> Bool) -> Double {
        Double(count(where: isSo)) / Double(Swift.max(1, count))
    }
}
