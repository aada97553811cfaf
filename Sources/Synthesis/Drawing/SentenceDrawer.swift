package import Corpora
import Geometry
import Randomness

/// A picture that was drawn for a sentence.
package struct DrawnPicture: Sendable {
    /// The sentence.
    package let sentence: String
    /// What was drawn, each with its phrase and its box.
    package let objects: [DetectedObject]
    /// Sides of the picture.
    package let side: Int
    /// `side × side × 3` bytes of RGB, row by row.
    package let pixels: [UInt8]

    /// The picture as a captioned photograph, under the name of its file.
    package func photograph(named image: String) -> CaptionedPhotograph {
        CaptionedPhotograph(image: image, captions: [sentence], objects: objects)
    }
}

/// Draws pictures for sentences from templates: a shape and a colour for each noun phrase that a vocabulary has.
///
/// It stands where a text-only pre-training has a diffusion model draw ("back-translation"), so that such a training can be
/// walked without any picture at hand. The same sentence, number, vocabulary and seed give the same picture.
package struct SentenceDrawer: Sendable {
    private let nouns: NounVocabulary
    private let seed: UInt64

    /// Sides of the pictures.
    package static let side = 224
    /// Most shapes of a picture.
    private static let most = 12

    /// A drawer of the phrases of a vocabulary.
    package init(nouns: NounVocabulary, seed: UInt64) {
        self.nouns = nouns
        self.seed = seed
    }

    /// A picture of a sentence; `nil` where it has none of the phrases.
    ///
    /// - Parameter number: of the sentence: it decides where shapes lie.
    package func picture(of sentence: String, number: Int) -> DrawnPicture? {
        let caption = Caption(sentence)
        // What lies around is drawn first, so that it hides nothing.
        let phrases = caption.phrases.prefix(Self.most).compactMap { phrase in
            nouns.nearest(to: caption.name(of: phrase)).map { (phrase: $0, noun: phrase.noun) }
        }
        guard !phrases.isEmpty else { return nil }
        var random = SeededGenerator(seed: seed, stream: UInt64(number))
        let shade = UInt8(200 + random.next() % 40)
        var canvas = Canvas(side: Self.side, Colour(shade, shade, UInt8(200 + random.next() % 40)))
        var taken: [PixelRect] = []
        var objects: [DetectedObject] = []
        let around = phrases.filter { $0.noun.isAround }
        for (phrase, noun) in around + phrases.filter({ !$0.noun.isAround }) {
            let look = DrawnLook(of: phrase)
            let place = Self.place(look, isAround: noun.isAround, beside: taken, &random)
            guard let painted = canvas.paint(look, in: place) else { continue }
            if !noun.isAround { taken.append(painted) }
            objects.append(
                DetectedObject(
                    coco: noun.coco.first, phrase: phrase, score: 1, box: painted.relative(side: Self.side)))
        }
        return DrawnPicture(sentence: sentence, objects: objects, side: Self.side, pixels: canvas.pixels)
    }

    /// A place by chance, of several that which covers least of what is there already.
    private static func place(
        _ look: DrawnLook, isAround: Bool, beside taken: [PixelRect], _ random: inout SeededGenerator
    ) -> PixelRect {
        let base = (isAround ? 0.5 + 0.2 * random.uniform() : 0.24 + 0.16 * random.uniform()) * look.scale
        let stretch = look.proportions.squareRoot()
        func length(_ share: Float) -> Int { Int(min(max(share, 0.08), 0.95) * Float(side)) }
        let (width, height) = (length(base * stretch), length(base / stretch))
        func spot(_ random: inout SeededGenerator) -> PixelRect {
            let x = Int(random.next() % UInt64(side - width + 1))
            let y = Int(random.next() % UInt64(side - height + 1))
            return PixelRect(x: x..<x + width, y: y..<y + height)
        }
        func covered(_ place: PixelRect) -> Int { taken.reduce(0) { $0 + $1.common(place) } }
        var best = spot(&random)
        for _ in 0..<24 where covered(best) > 0 {
            let other = spot(&random)
            if covered(other) < covered(best) { best = other }
        }
        return best
    }
}

extension CaptionNoun {
    /// Whether it is around things rather than among them.
    fileprivate var isAround: Bool { kind == .scenery || kind == .building || kind == .shop }
}
