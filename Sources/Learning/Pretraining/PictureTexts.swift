import Corpora
import Files
import Geometry
import Model
import Synthesis
import SystemPackage
import Text
import Weights

/// A picture with sentences about it, or the post that somebody wrote beside it, and the objects in it.
struct PictureText: Sendable {
    /// Name of the picture, as a cache of patches has it.
    var image: String
    /// At least one.
    var sentences: [String]
    /// The largest first.
    var objects: [Object]

    /// Something in a picture.
    struct Object: Sendable {
        var box: RelativeBox
        /// What it is, where that is known.
        var phrase: String?
    }

    /// What of it is learned from.
    func add(to sum: inout CRC32C) {
        for text in [image] + sentences { sum.update(text) }
        for object in objects { sum.update([object.box.x1, object.box.y1, object.box.x2, object.box.y2]) }
    }
}

/// Pictures and sentences to learn from, or to judge by.
struct PictureTexts: Sendable {
    /// In the order of their files, photographs first.
    private(set) var all: [PictureText] = []
    /// The same pictures, as those are read for whom they are encoded.
    private(set) var shown = EvidenceData.Posts(real: [], made: [])
    /// What could not be read.
    private(set) var notes: [String] = []

    init(_ part: EvidenceData.Part, of data: EvidenceData, types: TypeInventory, _ settings: MultiLevelSettings.Objects)
        throws
    {
        if let photographs = data.photographs {
            for photograph in try CaptionedPhotograph.read(photographs.appending("\(part.rawValue).ndjson")) {
                let objects = photograph.objects.filter { $0.score > 0.5 }
                all.append(
                    PictureText(
                        image: photograph.image, sentences: photograph.captions,
                        objects: Self.largest(
                            objects.map { PictureText.Object(box: $0.box, phrase: $0.phrase) }, settings)))
                shown.made.append(EvidencePost(words: [], entities: [], image: photograph.image))
            }
        }
        if data.pictured != nil {
            for post in try data.picturedPosts(part, types: types, notes: &notes).map(\.example) {
                guard let image = post.image, !post.words.isEmpty else { continue }
                all.append(
                    PictureText(
                        image: image, sentences: [post.words.joined(separator: " ")] + post.captions,
                        objects: Self.largest(post.objects.map { PictureText.Object(box: $0) }, settings)))
                shown.pictured.append(EvidencePost(words: [], entities: [], image: image))
            }
        }
    }

    /// The largest objects, or fixed crops where there are none.
    private static func largest(
        _ objects: [PictureText.Object], _ settings: MultiLevelSettings.Objects
    ) -> [PictureText.Object] {
        var objects = objects.filter { $0.box.area > 0 }
        if objects.isEmpty {
            let side = 1 / Float(max(settings.crops, 1))
            objects = (0..<settings.crops * settings.crops).map { place in
                let (x, y) = (Float(place % settings.crops) * side, Float(place / settings.crops) * side)
                return PictureText.Object(box: RelativeBox(x1: x, y1: y, x2: x + side, y2: y + side))
            }
        }
        let order = objects.enumerated().sorted { one, other in
            one.element.box.area != other.element.box.area
                ? one.element.box.area > other.element.box.area : one.offset < other.offset
        }
        return order.prefix(settings.most).map(\.element)
    }
}

/// A picture and its sentences, as the task learns from them.
struct PairExample: Sendable {
    var image: String
    /// The sentences, one sequence each.
    var sentences: [PieceBatch]
    /// The mean of the picture's patches.
    var picture: [Float]
    /// The mean of the patches of each object, one after the other.
    var objects: [Float]
    /// Place of each object's phrase among the noun phrases, where that is known.
    var phrases: [Int?]

    /// Looks its picture up.
    init(
        _ text: PictureText, in patches: PatchCache, nouns: NounVocabulary?, pieces: (String) -> PieceBatch
    ) throws(TrainingError) {
        guard let tokens = patches[text.image] else {
            throw TrainingError(.data, "the patches of \(text.image) are not there")
        }
        image = text.image
        sentences = text.sentences.map(pieces)
        let grid = Int(Double(patches.rows).squareRoot())
        let all = tokens.span.array
        func mean(_ box: RelativeBox) -> [Float] {
            let shares = box.coverage(grid: grid)
            let sum = shares.reduce(0, +)
            let first = (patches.rows - grid * grid) * patches.width
            var mean = [Float](repeating: 0, count: patches.width)
            for (place, share) in shares.enumerated() where share > 0 {
                let start = first + place * patches.width
                for column in mean.indices { mean[column] += all[start + column] * (share / sum) }
            }
            return mean
        }
        picture = mean(.whole)
        objects = nouns == nil ? [] : text.objects.flatMap { mean($0.box) }
        phrases = nouns == nil ? [] : text.objects.map { object in object.phrase.flatMap { nouns?[$0] } }
    }
}
