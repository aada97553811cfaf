import Corpora
import Geometry
import Images
import JSON
import Pages
import Text
import Wire

/// Puts together what a page shows of a post: the post, its answer, what is right, its pictures.
struct PostAssembly {
    /// What offsets of answers count.
    let offsets: OffsetUnit
    private(set) var gold: GoldList?
    /// Whether a post without an answer is one without entities.
    let leavesOutEmpty: Bool
    var thumbnails: Thumbnails
    /// Posts that gold does not have.
    private(set) var withoutGold = 0

    init(offsets: OffsetUnit, gold: GoldList?, leavesOutEmpty: Bool, thumbnails: Thumbnails) {
        self.offsets = offsets
        self.gold = gold
        self.leavesOutEmpty = leavesOutEmpty
        self.thumbnails = thumbnails
    }

    /// The post of a line as a page shows it. Without `post`, what the answer gives back of it.
    mutating func page(
        line: Int, _ post: Result<Post, RecordError>?, _ answer: ViewedAnswer?
    ) throws(DataError) -> PagePost {
        var remarks = answer?.remarks ?? (leavesOutEmpty ? [] : [PageRemark(.error, "no answer")])
        var known: Post?
        switch post {
        case .success(let post)?:
            known = post
            remarks += post.warnings.map { PageRemark(.warning, $0.message) }
        case .failure(let error)?: remarks.append(PageRemark(.error, error.message))
        case nil: known = answer?.post
        }
        let id = known.flatMap(Self.id) ?? answer?.id
        let right = gold?.post(id: id, line: line)
        var page = PagePost(line: line, id: id, text: known?.text)
        if known == nil, let right, right.isTextKnown { page.text = right.text }
        var entities: [PageEntity] = []
        let places = EntityPlaces(page.text, markup: known?.markup, offsets)
        for triple in answer?.triples ?? [] { entities.append(Self.entity(triple, places, &remarks)) }
        if let gold {
            if let right, !right.isTextKnown || page.text == nil || right.text.exact == page.text?.exact {
                entities = gold.judge(entities, of: right)
            } else {
                withoutGold += right == nil ? 1 : 0
                remarks.append(PageRemark(.note, right == nil ? "not in gold" : "gold has another text; not compared"))
            }
        }
        page.sides = [PagePost.Side(entities: entities)]
        page.pictures = try pictures(known, right, answer, &remarks)
        page.remarks = remarks
        return page
    }

    /// A post's id as text.
    static func id(_ post: Post) -> String? {
        post.id.flatMap { ViewedAnswer.id(try? JSONValue(parsing: $0.bytes)) }
    }

    // MARK: Entities

    private static func entity(
        _ triple: ViewedAnswer.Triple, _ places: EntityPlaces, _ remarks: inout [PageRemark]
    ) -> PageEntity {
        var entity = PageEntity(name: triple.name, type: triple.type, scalars: nil)
        entity.score = triple.score
        entity.visible = triple.visible
        entity.boxes = triple.boxes ?? []
        entity.boxScore = triple.boxScore
        entity.outlines = triple.mask.map { outlines($0) } ?? []
        entity.picture = triple.picture
        guard let place = triple.place else { return entity }
        guard let found = places.find(place, named: triple.name) else {
            let range = "\(place.lowerBound) to \(place.upperBound)"
            remarks.append(PageRemark(.warning, "“\(triple.name)” is not what the text has from \(range)"))
            return entity
        }
        (entity.scalars, entity.name) = (found.scalars, found.name)
        return entity
    }

    /// Outlines of pixels: as they are written, or around run lengths. What is neither is not shown.
    private static func outlines(_ mask: JSONValue) -> [[SIMD2<Float>]] {
        if let size = mask["size"]?.elements?.compactMap(\.integer), size.count == 2 {
            let mask = ImageSize(namedWidth: size[1], height: size[0]).flatMap { Mask(mask, in: $0) }
            return mask?.outlines() ?? []
        }
        return (mask.elements ?? []).map { polygon in
            let numbers = polygon.elements?.compactMap { $0.double.map(Float.init) } ?? []
            return stride(from: 0, to: numbers.count - 1, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) }
        }
    }

    // MARK: Pictures

    private mutating func pictures(
        _ post: Post?, _ gold: LabelledPost?, _ answer: ViewedAnswer?, _ remarks: inout [PageRemark]
    ) throws(DataError) -> [PagePicture] {
        let named = post?.images ?? gold?.image.map { [PostPicture(location: $0)] } ?? []
        let sizes = answer?.sizes ?? []
        var pictures: [PagePicture] = []
        for (index, image) in named.enumerated() {
            let size = (sizes.indices.contains(index) ? sizes[index] : nil) ?? gold?.picture
            var picture = PagePicture(
                source: nil, size: size ?? ImageSize(width: 0, height: 0), alt: image.alt ?? post?.alt)
            if let location = image.location {
                let found = try thumbnails.find(location, &remarks)
                picture.source = found?.source
                picture.size = found?.size ?? picture.size
            }
            pictures.append(picture)
        }
        // Boxes can be shown where the picture cannot.
        if named.isEmpty {
            pictures = sizes.compactMap { $0 }.map { PagePicture(source: nil, size: $0, alt: nil) }
        }
        return pictures
    }
}
