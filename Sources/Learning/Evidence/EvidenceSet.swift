package import Model
import Text
import Kernels
import Weights
import Geometry

/// Posts with everything frozen encoders make of them.
package struct EvidenceSet: Sendable {
    /// The posts; those without entities teach nothing and are left out by whoever makes the set.
    package let posts: [EvidencePost]
    /// Rows of their texts and captions.
    package let readings: EvidenceReadings
    /// Rows of their pictures; `nil` where no post has one.
    package let patches: PatchCache?
    /// What outside tools and the model's own detector saw, by the pictures' names.
    private let regions: [String: [SeenRegion]]

    /// A set by its parts; `blanks` is what a detector takes blank pictures for.
    package init(
        _ posts: [EvidencePost], readings: EvidenceReadings, patches: PatchCache?, blanks: [String: [SeenRegion]] = [:]
    ) {
        self.posts = posts
        self.readings = readings
        self.patches = patches
        regions = posts.regionsByPicture.merging(blanks) { own, _ in own }
    }

    /// What of a post's evidence is shown.
    struct Shown {
        /// The picture, its own or another.
        var picture: String?
        /// Whether the picture shows nothing of what the post names, whatever its labels say.
        var showsNothing = false
        /// Whether what is shown has nothing to do with the post at all, so that only its text can tell.
        var leavesItToText = false
        /// How it is shown; `nil`: as it is.
        var framing: PictureView.Framing?
        /// Whether what is shown is mirrored.
        var isMirrored = false
        /// Sentences of the alternative text.
        var alt: [String] = []
    }

    /// Everything of a post, as it would come from a feed.
    func all(_ post: Int, alt: Bool = true, picture: Bool = true) -> Shown {
        Shown(picture: picture ? posts[post].image : nil, alt: alt ? posts[post].alt.map { [$0] } ?? [] : [])
    }

    /// Matrices of some posts.
    func batch<C: Computation>(
        _ chosen: [Int], _ shown: [Shown], on computation: C
    ) throws(ShapeError) -> EvidenceBatch<C.Value> {
        let width = readings.width
        var queries: [Float] = []
        var texts: [Float] = []
        var tokens: [Float] = []
        var alt: [Float] = []
        var altCounts: [Int] = []
        var isPictured: [Bool] = []
        for (post, shown) in zip(chosen, shown) {
            let rows = readings.queries(of: post)
            queries += rows
            texts += rows[width..<2 * width]
            let words = shown.alt.flatMap(readings.rows)
            alt += words
            altCounts.append(words.count / width)
            let picture = shown.picture.flatMap { patches?[PictureView(image: $0, framing: shown.framing).name] }
            isPictured.append(picture != nil)
            if let picture { append(picture.span.array, mirrored: shown.isMirrored, to: &tokens) }
        }
        let entities = chosen.map { posts[$0].entities.count }
        let pictureWidth = patches?.width ?? 1
        var batch = EvidenceBatch(
            queries: try computation.constant(
                rows: entities.reduce(0, +), columns: 2 * width, queries.span),
            kinds: chosen.flatMap { posts[$0].entities.map { Int32($0.typeIndex) } }, entities: entities,
            texts: try computation.constant(rows: chosen.count, columns: width, texts.span),
            tokens: tokens.isEmpty
                ? nil
                : try computation.constant(
                    rows: tokens.count / pictureWidth, columns: pictureWidth, tokens.span),
            isPictured: isPictured,
            alt: alt.isEmpty ? nil : try computation.constant(rows: alt.count / width, columns: width, alt.span),
            altCounts: altCounts)
        batch.regions = try seen(zip(zip(chosen, shown), isPictured).filter(\.1).map(\.0), on: computation)
        return batch
    }

    /// What outside tools saw in the pictures that are shown; `nil` where they saw nothing.
    private func seen<C: Computation>(
        _ pictured: [(post: Int, shown: Shown)], on computation: C
    ) throws(ShapeError) -> RegionBatch<C.Value>? {
        let regions = pictured.map { pictured in
            var regions = pictured.shown.picture.flatMap { self.regions[$0] } ?? []
            if let framing = pictured.shown.framing {
                regions = regions.compactMap { region in
                    guard let box = framing.box(region.box) else { return nil }
                    var region = region
                    region.box = box
                    return region
                }
            }
            if pictured.shown.isMirrored {
                for index in regions.indices { regions[index].box = regions[index].box.mirrored }
            }
            return regions
        }
        guard regions.contains(where: { !$0.isEmpty }) else { return nil }
        let labels = regions.flatMap(\.self).flatMap { readings.mean(of: $0.label) }
        return RegionBatch(
            regions: regions,
            labels: try computation.constant(
                rows: labels.count / readings.width, columns: readings.width, labels.span),
            matches: zip(pictured, regions).flatMap { pictured, regions in
                posts[pictured.post].entities.map { entity in
                    let name = NameMatch(posts[pictured.post].words[entity.words].joined(separator: " "))
                    return regions.map { $0.match(of: name) }
                }
            })
    }

    /// Appends a picture's tokens; mirrored, each row of patches comes from right to left.
    private func append(_ picture: [Float], mirrored: Bool, to tokens: inout [Float]) {
        guard mirrored, let patches else {
            tokens += picture
            return
        }
        let grid = Int(Double(patches.rows).squareRoot())
        let others = patches.rows - grid * grid
        tokens += picture[..<(others * patches.width)]
        for row in 0..<grid {
            for column in (0..<grid).reversed() {
                let start = (others + row * grid + column) * patches.width
                tokens += picture[start..<start + patches.width]
            }
        }
    }
}

extension EvidencePost {
    /// The entities as they are in what is shown.
    func entities(in shown: EvidenceSet.Shown) -> [Entity] {
        entities.map { entity in
            var entity = entity
            if shown.showsNothing { (entity.isVisible, entity.boxes) = (false, []) }
            if let framing = shown.framing, !entity.boxes.isEmpty {
                entity.boxes = entity.boxes.compactMap(framing.box)
                // What is cut off may still be seen in part: nobody can tell.
                if entity.boxes.isEmpty { entity.isVisible = nil }
            }
            if shown.isMirrored { entity.boxes = entity.boxes.map(\.mirrored) }
            return entity
        }
    }

    /// Objects in what is shown.
    func objects(in shown: EvidenceSet.Shown) -> [RelativeBox] {
        if shown.showsNothing { return [] }
        let inside = shown.framing.map { framing in objects.compactMap(framing.box) } ?? objects
        return shown.isMirrored ? inside.map(\.mirrored) : inside
    }
}
