import Testing

@testable import Text

@Suite struct TypeInventoryTests {
    @Test func builtInInventoriesHoldTheFieldsTypes() throws {
        #expect(TypeInventory.coarse.names == ["PER", "LOC", "ORG", "OTHER"])
        #expect(TypeInventory.fmnergCoarse.count == 8)
        #expect(TypeInventory.fmnergFine.count == 51)
        #expect(TypeInventory.ccks.count == 6)
        for inventory in [TypeInventory.coarse, .fmnergCoarse, .fmnergFine, .ccks] {
            #expect(Set(inventory.names.map { $0.lowercased() }).count == inventory.count)
            for (index, name) in inventory.names.enumerated() { #expect(inventory.index(of: name) == index) }
        }
    }

    @Test func aliasesLeadToOneType() {
        let coarse = TypeInventory.coarse
        #expect(["OTHER", "MISC", "other", "misc"].map(coarse.index) == [3, 3, 3, 3])
        #expect(["person", "Location", "organisation", "VEHICLE"].map(coarse.index) == [0, 1, 2, nil])
        #expect(TypeInventory.fmnergCoarse.index(of: "PER") == 3)
        #expect(TypeInventory.fmnergFine.index(of: "person") == nil)
    }

    @Test func typesHaveRolesWhateverTheyAreCalled() throws {
        #expect(["PER", "person", "musician", "Politician"].allSatisfy { TypeRole(of: $0) == .person })
        #expect(["LOC", "GPE", "building", "park", "sports_facility"].allSatisfy { TypeRole(of: $0) == .place })
        #expect(["ORG", "organisation", "band", "sports_team"].allSatisfy { TypeRole(of: $0) == .organisation })
        #expect(["MISC", "OTHER", "animal", "festival", "game", "vessel"].allSatisfy { TypeRole(of: $0) == .other })
        #expect(TypeRole(of: "disease") == nil)
        let mine = try TypeInventory(["disease", "Person"])
        #expect([0, 1].map(mine.role) == [.other, .person])
        // The type of that name alone; where there is none, all that are like it.
        #expect(TypeInventory.coarse.types(like: "person") == [0])
        #expect(TypeInventory.coarse.types(like: "musician") == [0])
        #expect(TypeInventory.fmnergFine.types(like: "PER").count == 13)
        #expect(TypeInventory.fmnergFine.types(like: "disease").isEmpty)
        // Every type of the field has one.
        for inventory in [TypeInventory.coarse, .twitter2017, .ccks, .fmnergCoarse, .fmnergFine] {
            #expect(inventory.names.allSatisfy { TypeRole(of: $0) != nil })
        }
    }

    @Test func fineTypesHaveParents() throws {
        let fine = TypeInventory.fmnergFine
        for (name, parent) in [
            ("city", "location"), ("band", "organization"), ("ordinance", "other"), ("game", "product"),
        ] {
            #expect(fine.parentName(of: try #require(fine.index(of: name))) == parent)
        }
        #expect(fine.parentNames == TypeInventory.fmnergCoarse.names)
        #expect(TypeInventory.coarse.parentName(of: 0) == nil)
    }

    @Test(arguments: [[], ["A", "a"], ["A", ""], ["A B"], ["A\t"], ["\u{0}"]])
    func badInventoriesAreRefused(_ names: [String]) {
        #expect(throws: TypeInventoryError.self) { try TypeInventory(names) }
    }
}

@Suite struct TagSetTests {
    private let tags = TagSet(.coarse)

    @Test func tagsAndTheirNumbers() {
        #expect(tags.count == 9)
        #expect(
            (0..<9).map(tags.name) == ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-OTHER", "I-OTHER"])
        for tag in 0..<9 { #expect(tags.index(of: tags.name(of: tag)) == tag) }
        #expect(tags.index(of: "I-MISC") == 8)
        #expect(["", "B", "B-", "E-PER", "B-CITY", "o"].map(tags.index) == [nil, nil, nil, nil, nil, nil])
    }

    @Test func onlyTheirOwnTypeMayGoOn() {
        let moves = tags.allowedMoves
        for before in 0..<9 {
            for after in 0..<9 {
                let name = tags.name(of: after)
                let legal = !name.hasPrefix("I-") || tags.name(of: before).dropFirst(2) == name.dropFirst(2)
                #expect(moves[before * 9 + after] == legal, "\(tags.name(of: before)) → \(name)")
            }
        }
        #expect(tags.allowedStarts == [true, true, false, true, false, true, false, true, false])
        #expect(tags.allowedEnds.allSatisfy { $0 })
    }

    @Test(arguments: [
        ("B-PER I-PER O B-LOC", "0-2 PER,3-4 LOC", "0-2 PER,3-4 LOC"),
        ("B-PER B-PER I-PER", "0-1 PER,1-3 PER", "0-1 PER,1-3 PER"),
        ("O I-PER I-PER O", "", "1-3 PER"),
        ("I-ORG", "", "0-1 ORG"),
        ("B-PER I-LOC I-LOC", "0-1 PER", "0-1 PER,1-3 LOC"),
        ("B-PER I-LOC I-PER", "0-1 PER", "0-1 PER,1-2 LOC,2-3 PER"),
        ("O O", "", ""),
    ])
    func spans(_ written: String, _ strict: String, _ lenient: String) throws {
        let sequence = try written.split(separator: " ").map { try #require(tags.index(of: String($0))) }
        for (rule, expected) in [(TagSet.OrphanRule.strict, strict), (.lenient, lenient)] {
            let spans = tags.spans(of: sequence, orphans: rule)
            let text = spans.map { "\($0.words.lowerBound)-\($0.words.upperBound) \(tags.inventory.names[$0.type])" }
            #expect(text.joined(separator: ",") == expected)
            #expect(tags.spans(of: tags.tags(of: spans, count: sequence.count), orphans: .strict) == spans)
        }
    }

    @Test func overlappingSpansKeepTheFirst() {
        let spans = [TagSet.Span(words: 0..<2, type: 0), .init(words: 1..<3, type: 1), .init(words: 3..<9, type: 1)]
        #expect(tags.tags(of: spans, count: 4) == [1, 2, 0, 0])
    }
}

@Suite struct OffsetTests {
    @Test func unitsCountWhatTheySay() {
        let text = "a👍é漢\u{301}"
        var cursor = OffsetCursor(text.utf8Span)
        for (scalar, utf16, utf8) in [(0, 0, 0), (2, 3, 5), (99, 6, 12), (4, 5, 10), (1, 1, 1), (-1, 0, 0), (3, 4, 7)] {
            cursor.move(toScalar: scalar)
            #expect([cursor.offset(in: .utf16), cursor.offset(in: .utf8)] == [utf16, utf8])
            #expect(cursor.offset(in: .scalar) == min(max(0, scalar), 5))
        }
    }
}
