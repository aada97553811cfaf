import JSON
import SystemPackage
@testable import Kernels
@testable import Model
import Testing
@testable import Text

@testable import Learning
@testable import Randomness

/// How fine types are learned beside coarse ones.
@Suite("Learning fine types")
struct FineTypeLearningTests {
    private struct Forward: TaggingForward {
        let tagging: Tagging
    }

    private let types: TypeInventory
    private let head: ParentMaskedHead
    private let tape: Tape

    init() throws {
        types = try TypeInventory(["city", "road", "actor"], parents: ["place", "place", "person"])
        var layout = ParameterLayout()
        let text = TinyModel.configuration(vocabulary: 9).text
        head = ParentMaskedHead(
            .init(), ModelShapes(text: text, picture: nil, tags: TagSet(types)), in: &layout)
        tape = Tape(TrainableParameters(layout: layout, seed: 1))
    }

    /// A text of one word, a city; its scores of coarse tags, and of fine types where it begins.
    private func loss(_ fine: [Float], _ tail: LongTail = .plain, counts: [Int] = [1, 1, 1]) throws -> Float {
        let tags: [Float] = [0, 9, 0, 0, 0]
        let scores = TagScores(rows: try tape.constant(rows: 1, columns: 5, tags.span), lengths: [1]).beside(
            rows: try tape.constant(
                rows: 1, columns: 9, (fine + [Float](repeating: 0, count: 6)).span), lengths: [1])
        let wordPiece = try WordPiece(vocabulary: TinyModel.vocabulary, lowercase: true)
        let example = TaggerExample(
            words: ["a"], spans: [TagSet.Span(words: 0..<1, type: 0)], tags: TagSet(types), wordPiece: wordPiece,
            limit: 9)
        var random = SeededGenerator(seed: 1)
        let objective = FineLikelihood<Forward>(head, tail, counts: counts)
        let term = try objective.term(Forward(tagging: Tagging([scores], of: [example])), on: tape, random: &random)
        return tape.array(try #require(term))[0]
    }

    @Test func typesOfOtherCoarseOnesAreNoRivals() throws {
        #expect(try abs(loss([0, 0, 0]) - loss([0, 0, 50])) < 1e-4)
        #expect(try loss([3, 0, 0]) < loss([0, 0, 0]))
        #expect(try loss([0, 3, 0]) > loss([0, 0, 0]))
    }

    /// ln 2 of two types that score the same; of the coarse tags hardly anything.
    @Test func rareTypesAreLearnedAsIsSaid() throws {
        let coarse = try loss([50, 0, 0])
        #expect(try abs(loss([0, 0, 0]) - coarse - 0.6931) < 1e-3)
        // 1 of 17: log 17; 16 of 17, hardly anything.
        #expect(try abs(loss([0, 0, 0], .adjusted, counts: [1, 16, 3]) - coarse - 2.8332) < 1e-3)
        #expect(try abs(loss([0, 0, 0], .adjusted, counts: [16, 1, 3]) - coarse - 0.0606) < 1e-3)
        // 20 mentions, of roots 1 + 4 + 1.7321: one of a type that is there once counts 2.9704.
        #expect(try abs(loss([0, 0, 0], .weighted, counts: [1, 16, 3]) - coarse - 2.9709 * 0.6931) < 1e-2)
        // What is nowhere among the examples does not divide by zero.
        #expect(try loss([0, 0, 0], .weighted, counts: [0, 16, 3]).isFinite)
    }

    /// From three columns to answers with both types.
    @Test(arguments: ["fine", "gem"]) func bothTypesAreLearned(_ name: String) throws {
        let folder = try DataFolder()
        for (part, numbers) in [("train", 0..<40), ("dev", 40..<52)] {
            let lines = numbers.map { number in
                let (word, coarse, fine) = [
                    ("Rio", "location", "city"), ("Peru", "location", "country"), ("Ann", "person", "actor"),
                    ("Bob", "person", "athlete"),
                ][number % 4]
                return "IMGID:\(number)\n\(word)\tB-\(coarse)\tB-\(fine)\nsmiles\tO\tO\n\n"
            }
            try folder.write("txt_fine/\(part).txt", Array(lines.joined().utf8))
        }
        let recipe = try Recipes.named(name)
        let (out, tagger) = (folder.file("out"), folder.file("tiny"))
        try TinyModel.write(
            ModelWriter(tagger, storage: .float32), TinyModel.configuration(of: Fine.self), seed: 5)
        let file = #"{"rates":{"encoder":3e-3,"head":1e-2},"dropout":0,"loop":{"epochs":30,"batch":8}}"#
        var inputs = TrainingInputs()
        inputs[.data] = folder.path
        inputs[.tagger] = tagger
        _ = try recipe.prepare(
            file: JSONValue(parsing: Array(file.utf8)), [], inputs, at: RunPlace(out)
        ).run()
        let grounder = try Grounder(directory: out)
        let mentions = try grounder.makeWorker().read([PostText(text: "Bob smiles"), PostText(text: "Peru smiles")])
        #expect(mentions.map { $0.mentions.map { grounder.types.names[$0.type] } } == [["athlete"], ["country"]])
        #expect(grounder.types.parentName(of: mentions[0].mentions[0].type) == "person")
    }
}
