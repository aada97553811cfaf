import Testing

@testable import Text

@Suite struct ExactStringTests {
    @Test func bytesDecide() {
        let pairs = [
            ("é", "e\u{301}"), ("\u{212B}", "Å"), ("가", "\u{1100}\u{1161}"), ("a\u{323}\u{307}", "a\u{307}\u{323}"),
        ]
        for (one, other) in pairs {
            #expect(one == other)
            #expect(one.exact != other.exact)
            #expect(Set([one.exact, other.exact]).count == 2)
            #expect((one.exact < other.exact) != (other.exact < one.exact))
        }
        #expect("é".exact == "é".exact && "".exact == "".exact && "a".exact < "b".exact && !("a".exact < "a".exact))
        #expect(["b", "é", "a", "e\u{301}"].map(\.exact).sorted().map(\.string) == ["a", "b", "e\u{301}", "é"])
    }

    /// Types that Unicode calls equivalent are two types.
    @Test func typesAreToldApartByBytes() throws {
        let inventory = try TypeInventory(["caf\u{E9}", "cafe\u{301}", "CITY"])
        #expect(inventory.index(of: "caf\u{E9}") == 0 && inventory.index(of: "CAFE\u{301}") == 1)
        #expect(inventory.index(of: "city") == 2)
    }
}
