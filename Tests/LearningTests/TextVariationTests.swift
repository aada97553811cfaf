import Testing

@testable import Corpora
@testable import Synthesis

struct TextVariationTests {
    private let posts = [
        LabelledPost(
            id: "a", words: ["Anna", "Karenina", "left", "MOSCOW", "today"], entities: [(0..<2, "PER"), (3..<4, "LOC")]),
        LabelledPost(id: "b", words: ["no", "names"], entities: []),
        LabelledPost(id: "c", words: ["in", "Tula"], entities: [(1..<2, "LOC")]),
    ]
    private let names = [
        ("Leo Tolstoy (writer)", "PER"), ("Yasnaya Polyana, Tula Oblast", "LOC"), ("Mir", "OTHER"), ("()", "LOC"),
    ]

    @Test("a variation has other names of the same types in the same places, and all other words")
    func replacement() throws {
        let replacement = MentionReplacement(posts: posts, names: names, seed: 1)
        let variations = replacement.variations(of: posts[0], number: 0, count: 200)
        var people: Set<String> = []
        var places: Set<String> = []
        for (number, variation) in variations.enumerated() {
            #expect(variation.id == "a-\(number + 1)")
            #expect(variation.entities.map(\.type) == ["PER", "LOC"])
            let (person, place) = (variation.entities[0], variation.entities[1])
            #expect(person.words.lowerBound == 0 && place.words.upperBound == variation.words.count - 1)
            #expect(variation.words[person.words.upperBound..<place.words.lowerBound] == ["left"])
            #expect(variation.words.last == "today")
            #expect(variation.text == variation.words.joined(separator: " "))
            for entity in variation.entities {
                let scalars = Array(variation.text.unicodeScalars)[entity.scalars]
                #expect(String(String.UnicodeScalarView(scalars)) == entity.name)
            }
            people.insert(person.name)
            places.insert(place.name)
        }
        #expect(people == ["Anna Karenina", "Leo Tolstoy"])
        #expect(places == ["MOSCOW", "TULA", "YASNAYA POLYANA , TULA OBLAST"], "in capitals, as the name before")
        #expect(
            replacement.variations(of: posts[1], number: 1, count: 2).map(\.words) == [
                ["no", "names"], ["no", "names"],
            ])
    }

    @Test("the same seed gives the same, another one other variations, and no text hangs on others")
    func seeds() {
        func words(_ seed: UInt64, _ number: Int) -> [[String]] {
            MentionReplacement(posts: posts, names: names, seed: seed).variations(
                of: posts[0], number: number, count: 20
            )
            .map(\.words)
        }
        #expect(words(1, 0) == words(1, 0))
        #expect(words(1, 0) != words(2, 0))
        #expect(words(1, 0) != words(1, 1))
    }

    @Test("of entities in each other the longest is varied")
    func nested() {
        let post = LabelledPost(id: "n", words: ["New", "York", "Times"], entities: [(0..<2, "LOC"), (0..<3, "ORG")])
        #expect(post.entitiesApart.map(\.words) == [0..<3])
    }

    @Test("templates are filled with names of the types that stand there, and name no others")
    func templates() throws {
        let text = "{PER} went to {LOC} {LOC}\n\n  \n no names {x\n"
        let templates = try SentenceTemplates(parsing: text, types: ["PER", "LOC", "x"])
        #expect(templates.count == 2)
        let replacement = MentionReplacement(posts: posts, names: names, seed: 1)
        let sentences = templates.sentences(300, from: replacement, seed: 5)
        #expect(sentences == templates.sentences(300, from: replacement, seed: 5))
        #expect(sentences != templates.sentences(300, from: replacement, seed: 6))
        var people: Set<String> = []
        for sentence in sentences {
            guard sentence.entities.count == 3 else {
                #expect(sentence.words == ["no", "names", "{x"])
                continue
            }
            #expect(sentence.entities.map(\.type) == ["PER", "LOC", "LOC"])
            #expect(sentence.words[sentence.entities[0].words.upperBound] == "went")
            #expect(sentence.entities[1].words.upperBound == sentence.entities[2].words.lowerBound)
            people.insert(sentence.entities[0].name.lowercased())
        }
        #expect(people == ["anna karenina", "leo tolstoy"])
        #expect(throws: DataError.self) { try SentenceTemplates(parsing: "a\n{TOWN}", types: ["PER"]) }
    }

    @Test("a sentence is labelled by its names, longer ones first, and is no use where one does not stand in it")
    func labelling() throws {
        func label(_ text: String, _ names: (String, String)...) -> [String]? {
            SentenceLabelling.label(text, names.map { ($0.0, $0.1) }, id: "s")?.entities.map { "\($0.name)/\($0.type)" }
        }
        #expect(
            label("Paris met Paris Hilton", ("Paris", "LOC"), ("Paris Hilton", "PER")) == [
                "Paris/LOC", "Paris Hilton/PER",
            ])
        #expect(label("Only Paris Hilton", ("Paris", "LOC"), ("Paris Hilton", "PER")) == ["Paris Hilton/PER"])
        #expect(label("nobody", ("Paris", "LOC")) == nil)
        #expect(label("Parisian", ("Paris", "LOC")) == nil, "a name is whole words")
        #expect(label("", ("Paris", "LOC")) == nil)
        #expect(label("Paris", (" ", "LOC")) == nil)
        #expect(label("nobody at all") == [])
    }
}
