import Corpora
import Pages
import Scoring

/// `gmner compare --html`: the posts on which two sides differ, both marked in the text, as a page.
struct ComparisonView {
    let comparison: Comparison

    /// The page as a file.
    var bytes: [UInt8] {
        var summary = PageSummary()
        summary.isComparison = true
        summary.flags = comparison.hasGold ? [.one, .other] : []
        var page = PostPage()
        for (index, disagreement) in comparison.disagreements.enumerated() {
            let post = post(disagreement)
            summary.add(post)
            page.add(post, number: index + 1, types: &summary.types)
        }
        var bytes: [UInt8] = []
        page.write(title: "Two sides of the same posts", summary, table: ReportPage.html(table)) { bytes += $0 }
        return bytes
    }

    private var table: [[String]] {
        guard comparison.hasGold else {
            return [["\(comparison.posts) posts", "agreement", "same", "a", "b"]]
                + comparison.tasks.map { task in
                    let counts = [task.one.correct, task.one.gold, task.one.predicted].map(String.init)
                    return [task.task.title, task.one.f1.percent] + counts
                }
        }
        return [["\(comparison.posts) posts", "F1 of a", "F1 of b", "b − a", "95 %", "p"]]
            + comparison.tasks.map { task in
                let interval = task.interval.map { "\($0.lowerBound.percent) to \($0.upperBound.percent)" }
                let shares = [task.one.f1.percent, task.other?.f1.percent ?? "", task.difference?.percent ?? ""]
                return [task.task.title] + shares + [interval ?? "", task.chance?.rounded(to: 3) ?? ""]
            }
    }

    private func post(_ disagreement: Comparison.Disagreement) -> PagePost {
        let source = disagreement.post
        var post = PagePost(line: source.line, id: source.givenID, text: source.isTextKnown ? source.text : nil)
        let shared = disagreement.shared.map { entity in
            var shown = Self.entity(entity)
            shown.isShared = true
            return shown
        }
        func side(_ label: String, _ said: [Comparison.Said]) -> PagePost.Side {
            let entities = said.map { said in
                var entity = Self.entity(said.entity)
                entity.verdict = said.isRight.map { $0 ? .right : .wrong("not in gold") }
                return entity
            }
            return PagePost.Side(label: label, entities: Self.sorted(entities + shared))
        }
        post.sides = [side("a", disagreement.one), side("b", disagreement.other)]
        if comparison.hasGold {
            post.sides.append(PagePost.Side(label: "gold", entities: Self.sorted(disagreement.gold.map(Self.entity))))
        }
        if disagreement.one.contains(where: { $0.isRight == true }) { post.flags.append(.one) }
        if disagreement.other.contains(where: { $0.isRight == true }) { post.flags.append(.other) }
        if let size = source.picture { post.pictures = [PagePicture(source: nil, size: size, alt: source.alt)] }
        return post
    }

    private static func entity(_ entity: LabelledEntity) -> PageEntity {
        var shown = PageEntity(name: entity.name, type: entity.fineType ?? entity.type, scalars: entity.scalars)
        shown.score = entity.score.map(Double.init)
        shown.visible = entity.visible.map(Double.init)
        shown.boxes = entity.boxes ?? []
        shown.boxScore = entity.boxScore.map(Double.init)
        return shown
    }

    private static func sorted(_ entities: [PageEntity]) -> [PageEntity] {
        entities.sorted { ($0.scalars?.lowerBound ?? 0) < ($1.scalars?.lowerBound ?? 0) }
    }
}
