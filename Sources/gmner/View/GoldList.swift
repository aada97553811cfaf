import Corpora
import Geometry
import Pages
import Scoring
import Text

/// What is right about posts, and which of it belongs to which post.
struct GoldList {
    private let posts: [LabelledPost]
    private var byID: [ExactString: Int] = [:]
    private var byLine: [Int: Int] = [:]
    /// Whether boxes are compared: gold says where things can be seen.
    private let hasBoxes: Bool
    /// Types as gold spells them.
    private let inventory: TypeInventory?
    private var isFound: [Bool]

    /// Gold that was read.
    init(_ data: LabelledData) {
        posts = data.posts
        isFound = [Bool](repeating: false, count: posts.count)
        hasBoxes = data.posts.contains { $0.entities.contains { $0.boxes != nil } }
        inventory = data.inventory ?? (try? TypeInventory(data.typeNames))
        for (index, post) in data.posts.enumerated() {
            if let id = post.givenID { byID[id.exact] = byID[id.exact] ?? index }
            if post.givenID == nil { byLine[Int(post.id) ?? post.line] = index }
        }
    }

    /// What is right about a post, by its id or else by its line.
    mutating func post(id: String?, line: Int) -> LabelledPost? {
        guard let index = id.flatMap({ byID[$0.exact] }) ?? byLine[line] else { return nil }
        isFound[index] = true
        return posts[index]
    }

    /// Posts that nobody has asked for.
    var left: Int { isFound.count { !$0 } }

    /// Says of each entity whether it is right, and adds those that nobody found. `boxes` says which entities were looked
    /// for in a picture.
    func judge(_ entities: [PageEntity], of gold: LabelledPost) -> [PageEntity] {
        var judged = entities
        let placed = entities.indices.filter { entities[$0].scalars != nil }
        let said = placed.map { labelled(entities[$0]) }
        let agreement = Agreement(predicted: said, gold: gold.entities, boxes: hasBoxes)
        for index in judged.indices where judged[index].scalars == nil {
            judged[index].verdict = .wrong("not at this place")
        }
        for (index, verdict) in zip(placed, agreement.verdicts) {
            judged[index].verdict = Self.shown(verdict)
            switch verdict {
            case .otherBox(let right, _), .otherType(let right): judged[index].rightBoxes = right.boxes ?? []
            case .right, .notThere, .open: break
            }
        }
        judged += agreement.missed.map { entity in
            var missed = PageEntity(name: entity.name, type: entity.type, scalars: entity.scalars)
            missed.rightBoxes = entity.boxes ?? []
            missed.verdict = .missed
            return missed
        }
        return judged.sorted { ($0.scalars?.lowerBound ?? .max) < ($1.scalars?.lowerBound ?? .max) }
    }

    private func labelled(_ entity: PageEntity) -> LabelledEntity {
        let type = inventory.flatMap { inventory in inventory.index(of: entity.type).map { inventory.names[$0] } }
        var labelled = LabelledEntity(
            words: 0..<0, scalars: entity.scalars ?? 0..<0, name: entity.name, type: type ?? entity.type)
        labelled.boxes = entity.boxes
        return labelled
    }

    private static func shown(_ verdict: Agreement.Verdict) -> PageEntity.Verdict? {
        switch verdict {
        case .right: .right
        case .open: nil
        case .notThere: .wrong("gold has nothing there")
        case .otherType(let gold): .wrong("gold has \(gold.type)")
        case .otherBox(let gold, let overlap):
            if let overlap {
                .wrong("box overlap \(Int((overlap * 100).rounded(), within: 0...100)) %")
            } else {
                .wrong(gold.isGrounded == true ? "gold has a box" : "gold has no box")
            }
        }
    }
}
