import Testing

@testable import Text

@Suite struct WordShapeTests {
    @Test(arguments: [
        (WordShape.lower, "park don't 's naïve"),
        (.capitalised, "Park Hewlett-Packard O'Brien Ürümqi Don't Rent-a-Car"),
        (.upper, "NASA U.S. AT ÄÖ"), (.mixed, "iPhone McDonald NHLers pro-Ukrainian RT@Gizmodo"), (.initial, "J A É"),
        (.at, "@ @name ＠"), (.hash, "# #tag"), (.url, "http://t. https://x.y www.x.y t.co/ab me@x.org"),
        (.digits, "1 2016 1,000.5 7:30 ½ ٣"), (.alphanumeric, "F1 90s 1st v2.0 Trump2016"),
        (.punctuation, ". ... — & £ _ +"), (.emoji, "👍 👍🏽 🇺🇸 1️⃣ ❤️ ✈ 👨‍👩‍👧"), (.caseless, "東 مرحبا हिन्दी 행복"),
        (.other, "\u{200B} \u{301}"),
    ])
    func shapes(_ shape: WordShape, _ words: String) {
        for word in words.split(separator: " ") { #expect(WordShape.of(String(word)) == shape, "\(word)") }
    }

    @Test func nothingHasAShapeToo() {
        #expect(WordShape.of("") == .other)
        #expect(WordShape.allCases.map(\.rawValue) == Array(0..<14))
    }
}
