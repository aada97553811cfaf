import Corpora
@testable import Model
import Testing

@testable import Learning
@testable import Synthesis
@testable import Geometry

@Suite("Synthesis: phrases of captions and their boxes")
struct SynthesisCaptionTests {
    /// `words|noun|number|clothing` of each phrase.
    private func phrases(_ sentence: String) -> [String] {
        let caption = Caption(sentence)
        return caption.phrases.map { phrase in
            let number = phrase.number.map(String.init) ?? "some"
            let clothing = caption.words[phrase.clothing].joined(separator: " ")
            return "\(caption.words[phrase.words].joined(separator: " "))|\(phrase.noun.name)|\(number)|\(clothing)"
        }
    }

    @Test(arguments: [
        ("A man waters plants .", ["A man|man|1|"]),
        ("A tall man in a blue shirt is waving .", ["A tall man|man|1|in a blue shirt", "a blue shirt|shirt|1|"]),
        ("Two black and white dogs bark .", []),
        ("Two black and white dogs run .", ["Two black and white dogs|dog|2|"]),
        ("The three women sing in the park", ["The three women|woman|3|", "the park|park|1|"]),
        ("A group of young boys play .", ["A group of young boys|boy|some|"]),
        ("A team of dogs pull .", ["A team of dogs|dog|some|"]),
        (
            "A soccer player wearing red kicks a ball .",
            ["A soccer player|soccer player|1|wearing red", "a ball|ball|1|"]
        ),
        ("Bicycle riders near a dog house .", ["riders|rider|some|", "a dog house|house|1|"]),
        ("A girl throws dog toys .", ["A girl|girl|1|"]),
        ("A man in the snow", ["A man|man|1|"]),
        ("Lean dog runs", ["Lean dog|dog|1|"]),
        ("Several people wait", ["Several people|person|some|"]),
        ("", []),
    ]) func nounPhrases(sentence: String, expected: [String]) {
        #expect(phrases(sentence) == expected)
    }

    private func boxes(_ caption: String, _ objects: [DetectedObject], others: [String] = [])
        -> [RelativeBox?]
    {
        let photograph = ReadPhotograph(
            CaptionedPhotograph(image: "a.jpg", captions: [caption] + others, objects: objects))
        let read = photograph.captions[0]
        return read.phrases.map { photograph.box(of: $0, in: read) }
    }

    private let big = SynthesisFixtures.object(1, 0, 0, 0.5, 1)
    private let small = SynthesisFixtures.object(1, 0.6, 0.5, 0.95, 0.9)
    private let middle = SynthesisFixtures.object(1, 0.55, 0.1, 1, 1)

    @Test func onePersonIsTheOneInFront() {
        #expect(boxes("A man smiles .", [big]) == [big.box])
        #expect(boxes("A man smiles .", [small, big]) == [big.box])
        #expect(boxes("A man smiles .", [middle, big]) == [nil])
        #expect(boxes("A man smiles .", []) == [nil])
    }

    @Test func captionsThatCountMoreMakeItDoubtful() {
        let half = SynthesisFixtures.object(1, 0.6, 0.4, 0.96, 1)
        #expect(boxes("A man smiles .", [big, half]) == [big.box])
        #expect(boxes("A man smiles .", [big, half], others: ["Two men smile ."]) == [nil])
    }

    @Test func twoOfAKindStayOpenUnlessOneIsAChild() {
        #expect(boxes("A man greets a woman .", [big, middle]) == [nil, nil])
        #expect(boxes("A man greets a child .", [big, small]) == [big.box, small.box])
        #expect(boxes("A child greets a woman .", [big, small]) == [small.box, big.box])
        #expect(boxes("A child greets a woman .", [big, middle]) == [nil, nil])
    }

    @Test func sidesAreHeard() {
        let caption = "A man on the left greets a man on the right ."
        #expect(boxes(caption, [middle, big]) == [big.box, middle.box])
    }

    @Test func animalsAreTakenForOneAnother() {
        let sheep = SynthesisFixtures.object(20, 0.2, 0.2, 0.7, 0.9, score: 0.6)
        #expect(boxes("A dog runs .", [sheep]) == [sheep.box])
        let dog = SynthesisFixtures.object(18, 0.2, 0.2, 0.7, 0.9, score: 0.5)
        #expect(boxes("A dog runs .", [sheep, dog]) == [sheep.box])
        #expect(boxes("A car waits .", [sheep]) == [nil])
    }

    @Test func rowsGoFromLeftToRight() throws {
        let photograph = ReadPhotograph(
            CaptionedPhotograph(image: "a.jpg", captions: ["Two men smile ."], objects: [middle, big]))
        let phrase = try #require(photograph.captions[0].phrases.first)
        #expect(photograph.row(of: phrase, in: photograph.captions[0]) == [big.box, middle.box])
        #expect(photograph.union(of: phrase) == RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1))
    }

    @Test func sceneryFillsThePicture() {
        #expect(boxes("A beach", [big]) == [.whole])
        #expect(boxes("A church", [big]) == [nil])
    }
}
