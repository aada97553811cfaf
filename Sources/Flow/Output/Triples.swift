import Geometry
import Model
import Text
import Wire

extension Triple {
    /// What the model found, in the units of the output: pixels of the stored picture, and the post's own tokens.
    init(_ mention: Mention, types: TypeInventory, of post: Post, _ sizes: [ImageSize?]) {
        let image = mention.picture.flatMap { sizes[$0] }
        self.init(
            type: types.parentName(of: mention.type) ?? types.names[mention.type], scalars: mention.scalars, of: post,
            score: mention.score,
            visible: mention.shownVisible,
            box: mention.box.flatMap { box in image.map { PixelBox(box, of: $0) } },
            explanation: mention.attention.map {
                Evidence(
                    alt: $0.alt, picture: $0.picture, heat: mention.mask?.tenths(side: 16) ?? "",
                    candidates: image.map { size in mention.weighed.map { Evidence.Candidate($0, of: size) } } ?? [])
            })
        if types.parents != nil { fineType = types.names[mention.type] }
        mask = mention.cut
        boxScore = mention.boxScore
        picture = mention.picture
        corrected = mention.corrected.names
    }
}

extension Evidence.Candidate {
    /// A box that was weighed, in pixels.
    fileprivate init(_ weighed: WeighedBox, of image: ImageSize) {
        self.init(
            box: PixelBox(weighed.box, of: image), origin: weighed.origin.rawValue, label: weighed.label,
            share: weighed.share)
    }
}

extension Mention.Corrections {
    /// As answers call them.
    fileprivate var names: [String] {
        [(Self.span, "span"), (.type, "type"), (.region, "region"), (.mask, "mask")].filter { contains($0.0) }.map(\.1)
    }
}

extension StatedUncertainty {
    /// How unsure the model is of a mention.
    init(_ mention: Mention) {
        let uncertainty = mention.uncertainty
        self.init(
            span: uncertainty.span, type: uncertainty.type,
            region: mention.shownVisible == nil ? nil : uncertainty.region)
    }
}

extension PatchMask {
    /// The mask as `side × side` digits, row by row: tenths of each probability, rounded down; another grid is sampled.
    func tenths(side out: Int) -> String {
        String(
            (0..<out * out).map { place in
                let probability = probabilities[(place / out) * side / out * side + (place % out) * side / out]
                return Character("\(Int(probability * 10, within: 0...9))")
            })
    }
}
