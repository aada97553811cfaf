import Testing

@testable import KnowledgeBase

@Suite("Names of a knowledge base in texts")
struct NamesInTextTests {
    /// Texts, and the names in them.
    private static let texts: [(String, [String])] = [
        ("Ada Example lives in Exville", ["Ada Example", "Exville"]), ("ada example", []),
        ("ADA EXAMPLE!", ["ADA EXAMPLE"]), ("@ada #AdaExample", ["AdaExample"]), ("#adaexample", ["adaexample"]),
        // The longest, and none within it.
        ("To New Exville", ["New Exville"]), ("Exville Rovers", ["Exville Rovers"]),
        // Signs do not count, case and accents neither.
        ("A.Example", ["A.Example"]), ("at Zoe's Cafe", ["Zoe's Cafe"]), ("at Zoë's café", ["Zoë's café"]),
        ("at ZOE'S CAFE", ["ZOE'S CAFE"]), ("Love Live", ["Love Live"]), ("Love\nLive", ["Love Live"]),
        // A sign or two: names do not go on behind a sentence with more.
        ("Love - Live", ["Love - Live"]), ("Love ... Live", []), ("Love #Live", []),
        // One word is more often something else.
        ("Stay here", []), ("#stay", []), ("@stay", ["stay"]), ("@ stay", []), ("the Who", []),
        ("The Who", []), ("an apple", []), ("Apple", ["Apple"]), ("#apple", ["apple"]),
        ("US", ["US"]), ("Us too", []), ("#us", ["us"]),
        // Part of a name that nobody knows, and not.
        ("Lake Exville Ridge", []), ("Exville Ridge", []), ("Visit Exville", ["Exville"]), ("In Exville", ["Exville"]),
        ("She saw Mad Exville", []), ("EXVILLE Ridge", ["EXVILLE"]),
        ("Ada Example Exville", ["Ada Example", "Exville"]),
        ("They saw", []), ("1984", []), ("#1984", []), ("見た東京タワー", ["東京タワー"]), ("", []), ("# @ ##", []), ("…", []),
    ]

    @Test(arguments: texts)
    func areFound(text: String, names: [String]) throws {
        #expect(try base(examples).names(in: text).map(\.text) == names)
    }

    @Test func standWhereTheySay() throws {
        let text = "👍🏽 é: Ada Example, @Exville"
        for name in try base(examples).names(in: text) {
            let scalars = Array(text.unicodeScalars)[name.scalars]
            #expect(String(String.UnicodeScalarView(scalars)) == name.text)
        }
    }

    @Test func areSoMany() throws {
        let text = String(repeating: "Exville. ", count: 50)
        #expect(try base(examples).names(in: text).count == 50)
        #expect(try base(examples).names(in: text, atMost: 7).count == 7)
    }

    @Test("Names before aliases, then what is better known, then what came first")
    func haveTheirBestFirst() throws {
        let base = try base(examples)
        #expect(base.entities(named: "EXVILLE").map(\.id) == ["Q4", "Q2", "Q5"])
        #expect(base.entities(named: "apple").map(\.id) == ["Q8", "Q7"])
        #expect(
            base.entities(named: "Unlisted") == [
                KnownEntity(id: "Unlisted", name: "Unlisted", type: nil, description: nil)
            ])
        for nothing in [
            "", "!", "Exvill", "1984", String(repeating: "a", count: 1000), String(repeating: "a ", count: 99),
        ] {
            #expect(base.entities(named: nothing).isEmpty)
        }
    }

    @Test func oneEntityIsOneEvenWithItsNameTwice() throws {
        let entry = KnowledgeEntry(name: "Exville", aliases: ["EXVILLE", "Ex ville", "Exville"], id: "Q1")
        #expect(try base([entry]).entities(named: "Exville").map(\.id) == ["Q1"])
    }

    @Test func areToldAsOutsideModelsTellThem() throws {
        let base = try base(examples)
        #expect(base.knowledge(of: "Nobody here") == nil)
        #expect(
            base.knowledge(of: "Ada Example of Exville, Exville and #LoveLive")
                == "Named entities: 1. Ada Example (person/an inventor) 2. Exville (organization; location/a town where someone may stay) 3. LoveLive (Love Live!)"
        )
        let many = (0..<99).map {
            KnowledgeEntry(name: "Ex\($0)ample", description: String(repeating: "long ", count: 99))
        }
        let told = try open(index(many)).knowledge(of: many.map(\.name).joined(separator: ", "))
        #expect(told?.contains(" 8. Ex7ample (long") == true && told?.contains("9. ") == false)
        #expect((told?.count ?? 0) < 1000)
        #expect(base.knowledge(of: String(repeating: "Exville ", count: 10_000)) == nil)
    }
}

@Suite("Lines about a name")
struct LinesAboutNameTests {
    private static let names: [(String, [String])] = [
        ("Ada Example", ["Ada Example (person): an inventor"]), ("@AdaExample", ["Ada Example (person): an inventor"]),
        // The best known has it as another name only; that something is of no kind says nothing, and its name alone neither.
        (
            "Exville",
            [
                "Exville (organization)", "Exville (location): a town where someone may stay",
                "Exville Rovers (organization)",
            ]
        ),
        ("Stay", []), ("Unlisted", []), ("nobody", []), ("", []),
        // What it holds.
        ("the great Ada Example of New Exville", ["Ada Example (person): an inventor", "New Exville (location)"]),
    ]

    @Test(arguments: names)
    func areKnown(name: String, lines: [String]) throws {
        let base = try base(examples)
        #expect(base.lines(about: name, atMost: 3) == lines)
        #expect(base.lines(about: name, atMost: 1) == Array(lines.prefix(1)))
    }
}
