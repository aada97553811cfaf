import Files
import Geometry
import Kernels
import Model
import Text

/// What of an example is learned from.
extension TaggerExample {
    func add(to sum: inout CRC32C) {
        sum.update(pieces.ids)
        sum.update(pieces.shapes)
        sum.update(tags)
        sum.update(spans.flatMap { [$0.words.lowerBound, $0.words.upperBound, $0.type].map(Int32.init) })
        if let taught { sum.update(taught.occurrences + taught.moves) }
    }
}

extension GatedTaggerExample {
    func add(to sum: inout CRC32C) {
        tagger.add(to: &sum)
        for sentence in captions { sum.update(sentence.ids) }
        for entity in entities { entity.add(to: &sum) }
    }
}

extension FusionExample {
    func add(to sum: inout CRC32C) {
        post.add(to: &sum)
        sum.update(image ?? "")
    }
}

extension EvidencePost {
    func add(to sum: inout CRC32C) {
        for text in words + captions + [alt, image, knowledge].compactMap(\.self) + otherImages { sum.update(text) }
        for entity in entities { entity.add(to: &sum) }
        for framing in framings { sum.update(PictureView(image: image ?? "", framing: framing).name) }
        for box in objects { sum.update([box.x1, box.y1, box.x2, box.y2]) }
        for region in regions {
            sum.update([region.box.x1, region.box.y1, region.box.x2, region.box.y2, region.score ?? -1])
            sum.update("\(region.label ?? "") \(region.text ?? "")")
        }
    }
}

extension EvidencePost.Entity {
    func add(to sum: inout CRC32C) {
        sum.update([Int32(words.lowerBound), Int32(words.upperBound), Int32(typeIndex)])
        sum.update("\(isVisible.map { $0 ? "seen" : "not seen" } ?? "not known")")
        for box in boxes { sum.update([box.x1, box.y1, box.x2, box.y2]) }
    }
}
