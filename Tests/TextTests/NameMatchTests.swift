import Testing

@testable import Text

@Suite("Names in what is written elsewhere")
struct NameMatchTests {
    private static let examples: [(String, String, Float)] = [
        ("Acme", "ACME", 1), ("Acme", "the acme store", 1), ("#LoveLive", "Love Live!", 1), ("Café Zoë", "CAFE ZOE", 1),
        ("Acme", "Acne", 0.75), ("Acme", "Acm", 0.75), ("東京タワー", "東京タワー展望台", 1), ("Acme", "", 0), ("Acme", "—!?", 0),
        // One long word of a name is nearly as good as the name.
        ("Garfield Park", "park", 4.0 / 12), ("Garfield Park", "garfield", 0.9),
        // Too short to tell from chance.
        ("AT", "at", 0), ("", "at", 0), ("#!", "#!", 0),
    ]

    @Test(arguments: examples)
    func similarities(name: String, text: String, expected: Float) {
        #expect(abs(NameMatch(name).similarity(text) - expected) < 1e-6)
    }

    @Test func theBestPlaceCounts() {
        #expect(NameMatch("Verdi").similarity("a very long sign that ends with vardi and verdi") == 1)
        #expect(NameMatch("Verdi").similarity("xxxxx") == 0)
    }

    /// Work is bounded, whatever a tool claims to have read.
    @Test func longTextsAreCut() {
        let name = String(repeating: "ab", count: 5_000)
        #expect(NameMatch(name).similarity(String(repeating: "ab", count: 500_000)) == 1)
        #expect(NameMatch("Acme").similarity(String(repeating: "x", count: 5_000) + "acme") < 1)
    }
}
