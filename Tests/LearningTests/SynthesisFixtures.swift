import Corpora
@testable import Model

@testable import Learning
@testable import Synthesis
@testable import Geometry

/// Photographs and names that nobody took and nobody has.
enum SynthesisFixtures {
    static func object(_ coco: Int, _ x1: Float, _ y1: Float, _ x2: Float, _ y2: Float, score: Float = 0.9)
        -> DetectedObject
    {
        .init(coco: coco, score: score, box: RelativeBox(x1: x1, y1: y1, x2: x2, y2: y2))
    }

    static let photographs: [CaptionedPhotograph] = {
        let man = object(1, 0.2, 0.1, 0.6, 0.95)
        let second = object(1, 0.65, 0.2, 0.95, 0.9)
        let dog = object(18, 0.3, 0.4, 0.8, 0.9)
        let scenes: [([String], [DetectedObject])] = [
            (
                [
                    "A man in a green shirt feeds ducks near a lake .", "Man with bread at the lake",
                    "A man by the water .",
                ],
                [man, object(16, 0.7, 0.8, 0.8, 0.9)]
            ),
            (
                ["A brown dog digs in the sand .", "A dog digs on the beach .", "The dog is busy on a beach ."],
                [dog, object(17, 0.31, 0.41, 0.8, 0.9, score: 0.5)]
            ),
            (
                ["A woman wearing a red hat waits on a street .", "A lady stands near a bus .", "A woman waits ."],
                [man, object(6, 0, 0, 1, 0.6)]
            ),
            (
                ["Two dogs wrestle in the snow .", "Two dogs play .", "Snow and two happy dogs ."],
                [object(18, 0, 0.3, 0.4, 0.9), object(18, 0.5, 0.3, 0.9, 0.9)]
            ),
            (
                ["Two men wait at a stadium .", "Two men talk before a game .", "Two friends at the stadium ."],
                [man, second]
            ),
            (
                ["A horse stands in a field .", "A white horse eats grass .", "A horse on a farm ."],
                [object(19, 0.1, 0.1, 0.9, 0.9)]
            ),
            (
                ["A red car waits on a road .", "A car in the city .", "The car is parked on a street ."],
                [object(3, 0.2, 0.4, 0.9, 0.9)]
            ),
            (
                ["A soccer team celebrates .", "A group of players run on a field .", "Soccer players hug ."],
                [man, second, object(1, 0, 0.2, 0.18, 0.9)]
            ),
            (
                ["A girl rides a bicycle through a park .", "A young girl on her bike .", "A girl cycles ."],
                [object(1, 0.3, 0.1, 0.6, 0.8), object(2, 0.25, 0.4, 0.7, 0.95)]
            ),
            (
                ["A cat sleeps on a couch .", "A grey cat is asleep indoors .", "A sleepy cat ."],
                [object(17, 0.2, 0.3, 0.8, 0.8), object(63, 0, 0.2, 1, 1)]
            ),
            (
                ["A mountain under clouds .", "A mountain with snow on its top .", "Rocks of a mountain ."], []
            ),
            (
                ["A boat lies on a river .", "An old boat on the water .", "The boat is at a river ."],
                [object(9, 0.1, 0.5, 0.9, 0.8)]
            ),
        ]
        return (0..<3).flatMap { copy in
            scenes.enumerated().map { index, scene in
                CaptionedPhotograph(image: "p\(copy)-\(index).jpg", captions: scene.0, objects: scene.1)
            }
        }
    }()

    static let men = [
        "Adam", "Peter", "Oscar", "Walter", "Dennis", "Frank", "Hugh", "Neil", "Ralph", "Simon", "Theo", "Carl",
    ]
    static let women = [
        "Anna", "Clara", "Daisy", "Emma", "Fiona", "Grace", "Heidi", "Irene", "Julia", "Linda", "Mary", "Nina",
    ]

    static let names: [NameInventory.Name] =
        (men + women).map { .init(words: [$0, "Example"], type: "PER") }
        + men.map { .init(words: [$0], type: "PER") }
        + (1...14).map { .init(words: ["Placeton", "\($0)"], type: "LOC") }
        + (1...14).map { .init(words: ["Clubco\($0)"], type: "ORG") }
        + (1...14).map { .init(words: ["The", "Thing", "\($0)"], type: "OTHER") }

    /// What the captions of a photograph speak of.
    static func nouns(of photograph: CaptionedPhotograph) -> [CaptionNoun] {
        photograph.captions.flatMap { caption in
            let words = Caption(caption).lower
            return words.indices.compactMap { CaptionNouns.noun(in: words, at: $0)?.noun }
        }
    }

    static func inventory() throws -> NameInventory { try NameInventory(names) }

    static func posts(perPhotograph: Int = 20, seed: UInt64 = 7, epoch: Int = 0) throws -> [SynthesizedPost] {
        PostSynthesizer(photographs: photographs, names: try inventory(), seed: seed)
            .posts(perPhotograph: perPhotograph, epoch: epoch)
    }
}
