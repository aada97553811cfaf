import Testing
@testable import Text

@testable import Model

/// Fine types of mentions whose coarse one is known.
@Suite("Fine types")
struct FineTypeTests {
    private let types: TypeInventory

    init() throws {
        types = try TypeInventory(
            ["city", "actor", "author", "road"], parents: ["place", "person", "person", "place"])
    }

    @Test func typesKnowWhatIsAboveThem() throws {
        #expect(types.coarse.names == ["place", "person"])
        #expect(types.coarseTypes == [0, 1, 1, 0])
        #expect(types.parentName(of: 2) == "person")
        #expect(TypeInventory.coarse.coarse == .coarse && TypeInventory.coarse.coarseTypes == [0, 1, 2, 3])
        #expect(throws: TypeInventoryError.self) { try TypeInventory(["city"], parents: []) }
        #expect(throws: TypeInventoryError.self) { try TypeInventory(["city"], parents: ["a place"]) }
        #expect(throws: TypeInventoryError.self) { try TypeInventory(["a", "b"], parents: ["Place", "place"]) }
    }

    @Test func configurationsKeepThem() throws {
        var configuration = TinyModel.configuration(of: Fine.self)
        configuration.parents?.removeLast()
        #expect(throws: ModelError.self) { try configuration.validate() }
        #expect(try TinyModel.configuration(of: Fine.self).validate().tags.inventory == .fmnergFine)
        #expect(try TinyModel.configuration(of: EvidenceMethod.self).validate().tags.inventory == .coarse)
    }

    /// Scores of words, tag by tag of the coarse types, then what begins, ends and goes on there of each fine type.
    private func decoder() throws -> FineDecoder {
        let tags = TagSet(types.coarse)
        let zero = [Float](repeating: 0, count: tags.count * tags.count)
        var layout = ParameterLayout()
        let chain = TagChain(tags: tags.count, in: &layout)
        return FineDecoder(coarse: try CRFDecoder(tags, chain) { Array(zero[..<$0.count]) }, inventory: types)
    }

    @Test func mentionsGetAFineTypeOfTheirs() throws {
        // B-person I-person O, then B-place.
        let tags: [Float] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0]
        var fine = [Float](repeating: 0, count: 4 * 12)
        fine[0] = 50  // A place begins here: not asked.
        fine[2] = 1  // An author begins.
        fine[12 + 4 + 1] = 3  // An actor ends.
        fine[8 + 2] = 1  // An author goes on, half of the mean.
        fine[3 * 12 + 3] = 2  // A road begins.
        let mentions = try decoder().mentions(of: [ScoredWindow(words: 4, scores: tags + fine)], words: 4)
        #expect(mentions.map(\.words) == [0..<2, 3..<4])
        #expect(mentions.map { types.names[$0.type] } == ["actor", "road"])
        for mention in mentions {
            #expect(abs(mention.posterior.reduce(0, +) - 1) < 1e-5)
            #expect(mention.score > 0 && mention.score < mention.posterior.max() ?? 0 + 1e-5)
        }
        // An actor by 3 to 1½.
        let actor = mentions[0]
        #expect(abs(actor.posterior[1] / actor.posterior[2] - 4.4817) < 0.01)
    }

    /// Windows that share words: each word's rows come from its own.
    @Test func longTextsAreOneText() throws {
        let tags: [Float] = [9, 0, 0, 0, 0, 0, 0, 0, 9, 0]
        var right = [Float](repeating: 0, count: 24)
        right[12 + 2] = 5
        let first = ScoredWindow(words: 0..<2, owned: 0..<1, scores: tags + [Float](repeating: 9, count: 24))
        let second = ScoredWindow(words: 0..<2, owned: 1..<2, scores: tags + right)
        let mentions = try decoder().mentions(of: [first, second], words: 2)
        #expect(mentions.map(\.words) == [1..<2])
        #expect(mentions.map { types.names[$0.type] } == ["author"])
    }

    @Test func theMatrixBeginsWithTheHierarchy() throws {
        var layout = ParameterLayout()
        let text = TinyModel.configuration(vocabulary: 9).text
        let head = TransferHead(
            .init(), ModelShapes(text: text, picture: nil, tags: TagSet(types)), in: &layout)
        // From B-person (3) to B-actor (3) and B-author (5), from I-place (2) to I-city (2) and I-road (8), from O to O.
        let ones = head.firstTransfer.enumerated().filter { $0.element == 1 }.map(\.offset)
        #expect(ones == [0, 9 + 1, 9 + 7, 18 + 2, 18 + 8, 27 + 3, 27 + 5, 36 + 4, 36 + 6])
        #expect(throws: ModelError.self) { try TransferHead.Configuration(strength: -1).validate() }
    }
}
