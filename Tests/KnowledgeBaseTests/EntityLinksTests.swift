import Testing
import Text

@testable import KnowledgeBase

@Suite("Links of mentions to a knowledge base")
struct EntityLinksTests {
    private static let mentions: [(String, String, String?)] = [
        ("Exville", "LOC", "Q2"), ("Exville", "ORG", "Q4"), ("Exville", "PER", nil), ("#ADAEXAMPLE", "PER", "Q1"),
        ("Love Live", "PER", "Q11"), ("Nowhere", "LOC", nil), ("", "LOC", nil), ("stay", "OTHER", "Q10"),
        ("apple", "OTHER", "Q7"), ("apple", "ORG", "Q8"),
    ]

    @Test(arguments: mentions)
    func areOfALikeType(name: String, type: String, id: String?) throws {
        let links = try EntityLinks(base(examples), types: .coarse)
        #expect(links.link(name, type: try #require(TypeInventory.coarse.index(of: type))) == id)
    }

    @Test func typesOfOtherDataSetsAreUnderstood() throws {
        let fine = TypeInventory.fmnergFine
        let links = try EntityLinks(base(examples), types: fine)
        #expect(links.link("Exville", type: try #require(fine.index(of: "city"))) == "Q2")
        #expect(links.link("Exville", type: try #require(fine.index(of: "sports_team"))) == "Q4")
        let city = KnowledgeEntry(name: "Exville", id: "Q1", type: "city")
        let coarse = try EntityLinks(base([city]), types: .coarse)
        #expect(coarse.link("Exville", type: try #require(TypeInventory.coarse.index(of: "LOC"))) == "Q1")
        #expect(coarse.link("Exville", type: try #require(TypeInventory.coarse.index(of: "PER"))) == nil)
    }

    /// What nobody has heard of is no reason against it.
    @Test func typesThatNobodyKnowsAreNone() throws {
        let odd = KnowledgeEntry(name: "Exville", id: "Q1", type: "quux")
        let links = try EntityLinks(base([odd] + examples), types: .coarse)
        #expect(links.link("Exville", type: try #require(TypeInventory.coarse.index(of: "PER"))) == "Q1")
        #expect(links.link("Exville", type: try #require(TypeInventory.coarse.index(of: "LOC"))) == "Q2")
    }
}
