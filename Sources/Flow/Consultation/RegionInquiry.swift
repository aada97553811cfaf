import Geometry
import JSON
import Model
import Text

/// What has been found out about a mention's region: by RiVEG's three questions, or by some of them. Each may be without an
/// answer: then the type's name stands for what the entity is, and the model's own gate and box for the others.
struct RegionInquiry: Sendable {
    /// The most Unicode scalars of a phrase.
    private static let longestPhrase = 300

    /// What the entity is.
    private var phrase: String?
    /// Probability that the picture shows it.
    private var visible: Float?
    /// Where; `nil` where that was not answered.
    private var place: Place?

    private struct Place {
        /// `nil`: nowhere.
        let box: RelativeBox?
        let confidence: Float?
    }

    /// Nothing was found out.
    init() {}

    /// What a text says of an entity; `nil` where it is blank, or far too long for a phrase.
    static func phrase(_ text: String) -> String? {
        guard text.unicodeScalars.count <= longestPhrase else { return nil }
        return text.oneLine(atMost: longestPhrase)
    }

    /// A probability, if a value is one.
    static func probability(_ value: JSONValue) -> Float? {
        guard let number = value.double, (0...1).contains(number) else { return nil }
        return Float(number)
    }

    /// Takes an answer; whether the question was one of these three.
    mutating func take(_ value: JSONValue, _ confidence: Float?, to subject: ConsultationSubject) -> Bool {
        switch subject {
        case .span, .type, .region, .search, .segment: return false
        case .expand: phrase = value.string.flatMap(Self.phrase)
        case .verify: visible = Self.probability(value)
        case .ground(let size):
            if value == .null {
                place = Place(box: nil, confidence: confidence)
            } else if let box = PixelBox(answer: value, in: size) {
                place = Place(box: RelativeBox(box, of: size), confidence: confidence)
            }
        }
        return true
    }

    /// What to look for in a picture: name, type and what it is, as RiVEG writes them.
    func expression(of name: String, type: String) -> String { "\(name)(\(type))-\(phrase ?? type.lowercased())" }

    /// Whether it is worth asking where the picture shows a mention: it more probably does than not. Where nobody has verified
    /// that, the model's own decision counts.
    func isWorthGrounding(_ mention: Mention) -> Bool {
        visible.map { BoxHead.pays(visible: $0, trust: 1) } ?? (mention.box != nil)
    }

    /// Decides on a mention's region; whether that changed it. A box that nobody gave is the model's own, by its gate's rule.
    func decide(_ mention: inout Mention) -> Bool {
        guard visible != nil || place != nil else { return false }
        var box = mention.box
        var trust = mention.boxScore
        if let visible {
            box = BoxHead.pays(visible: visible, trust: trust ?? 1) ? mention.drawn : nil
        }
        if let place {
            box = place.box
            if box != nil { trust = place.confidence }
        }
        guard !mention.hasBox(like: box) else { return false }
        (mention.box, mention.boxScore) = (box, trust)
        // These are the pixels of another box.
        mention.cut = nil
        if let box { mention.drawn = box }
        if let visible { mention.visible = visible }
        if let place, let confidence = place.confidence {
            if place.box == nil {
                mention.visible = 1 - confidence
            } else if visible == nil {
                mention.visible = max(mention.visible ?? 0, confidence)
            }
        }
        mention.corrected.insert(.region)
        return true
    }
}

extension Mention {
    /// Whether a box is this mention's, as far as the precision goes that boxes are written with; or whether neither is one.
    func hasBox(like other: RelativeBox?) -> Bool {
        other.flatMap { other in box.map { $0.overlap(other) > 0.99 } } ?? (other == nil && box == nil)
    }
}
