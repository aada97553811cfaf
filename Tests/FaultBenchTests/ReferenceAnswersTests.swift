import Testing

@testable import fault_bench

/// The bench sees what it is there to see.
@Suite struct ReferenceAnswersTests {
    private let answers = ReferenceAnswers(Array("one\ntwo\nthree\nfour\n".utf8))

    private func damage(_ output: String, _ extent: ReferenceAnswers.Extent = .all) -> Damage {
        answers.damage(of: Array(output.utf8), extent)
    }

    @Test("An output that is as it should be has no damage")
    func whole() {
        #expect(damage("one\ntwo\nthree\nfour\n").isNone)
        for beginning in ["", "one\n", "one\ntwo\n"] { #expect(damage(beginning, .firstLines).isNone) }
        for beginning in ["", "o", "one", "one\nt", "one\ntwo\nthree\nfour"] {
            #expect(damage(beginning, .firstBytes).isNone)
        }
    }

    @Test("A line that says why it is another stands for the one in its place")
    func standingIn() {
        let output = answers.standingIn(for: Array("why".utf8), in: Array("one\nwhy not\nthree\nfo".utf8))
        #expect(output == Array("one\ntwo\nthree\nfo".utf8))
    }

    @Test("Lines that are missing are lost, at the end only where all must be there")
    func lost() {
        #expect(damage("one\nthree\nfour\n") == Damage(lost: 1))
        #expect(damage("four\n", .firstLines) == Damage(lost: 3))
        #expect(damage("one\n") == Damage(lost: 3))
        #expect(damage("") == Damage(lost: 4))
    }

    @Test("Lines that come again, or late, are duplicated")
    func duplicated() {
        #expect(damage("one\none\ntwo\nthree\nfour\n") == Damage(duplicated: 1))
        #expect(damage("one\nthree\ntwo\nfour\n") == Damage(lost: 1, duplicated: 1))
        #expect(damage("one\ntwo\nthree\nfour\nfour\n") == Damage(duplicated: 1))
    }

    @Test("Lines that are cut, joined or other ones are torn")
    func torn() {
        #expect(damage("one\ntw\nthree\nfour\n") == Damage(torn: 1))
        #expect(damage("onetwo\nthree\nfour\n", .firstLines).torn == 1)
        #expect(damage("one\ntwo\nthree\nfour\nfive\n") == Damage(torn: 1))
        #expect(damage("one\nt", .firstLines) == Damage(torn: 1))
        #expect(damage("one\nx", .firstBytes) == Damage(torn: 1))
        #expect(damage("one\n\ntwo\nthree\nfour\n").torn == 1)
    }
}

/// Answers of which only the order is known are looked at too.
@Suite struct NumberedAnswersTests {
    private let answers = NumberedAnswers(count: 4, blank: [2])

    private func damage(_ lines: [Int], _ extent: ReferenceAnswers.Extent = .all, end: String = "") -> Damage {
        answers.damage(of: Array((lines.map { "{\"id\":7,\"line\":\($0)}\n" }.joined() + end).utf8), extent)
    }

    @Test("What is there has to be there once, in order, and whole")
    func order() {
        #expect(damage([1, 3, 4]).isNone)
        #expect(damage([1], .firstLines).isNone)
        #expect(damage([1], .firstBytes, end: "{\"i").isNone)
        #expect(damage([1, 4]) == Damage(lost: 1))
        #expect(damage([]) == Damage(lost: 3))
        #expect(damage([1, 3, 3, 4]) == Damage(duplicated: 1))
        #expect(damage([3, 1, 4]) == Damage(lost: 1, duplicated: 1))
        #expect(damage([1, 2, 3, 4]) == Damage(torn: 1))
        #expect(damage([1, 3, 4, 5]) == Damage(torn: 1))
        #expect(damage([1, 3], .firstLines, end: "{}\n") == Damage(torn: 1))
        #expect(damage([1, 3], .firstLines, end: "{\"i") == Damage(torn: 1))
    }
}
