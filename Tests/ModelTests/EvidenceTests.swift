@testable import Kernels
import SystemPackage
@testable import Randomness
import Testing

@testable import Model
@testable import Geometry

/// Gate and box head on input of every kind: a tiny random model, from reading to boxes.
@Suite struct EvidenceTests {
    private func withTinyModel<Result>(_ body: (Grounder, GroundingWorker) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            let grounder = try Grounder(directory: directory)
            return try body(grounder, grounder.makeWorker())
        }
    }

    private func picture(_ grounder: Grounder, _ worker: GroundingWorker, seed: UInt64) throws -> PictureFeatures {
        var generator = SeededGenerator(state: seed)
        let configuration = try #require(grounder.configuration.picture)
        let count = configuration.grid * configuration.grid * configuration.patchColumns
        return try worker.see([PictureInput(patches: (0..<count).map { _ in generator.roughlyNormal() })])[0]
    }

    private func isInside(_ box: RelativeBox) -> Bool {
        box.x1 >= 0 && box.y1 >= 0 && box.x1 <= box.x2 && box.y1 <= box.y2 && box.x2 <= 1 && box.y2 <= 1
    }

    @Test func withoutEvidenceThereIsAGuessAndNoBox() throws {
        try withTinyModel { _, worker in
            let reading = try worker.read([PostText(text: "Ann met Bob in Rome")])[0]
            #expect(!reading.mentions.isEmpty)
            for answer in try worker.ground(reading, picture: nil, details: [.attention, .mask]) {
                let visible = try #require(answer.visible)
                #expect(visible > 0 && visible < 1)
                // Which the answer keeps to itself.
                #expect(answer.shownVisible == nil && answer.boxScore == nil)
                #expect(answer.box == nil)
                #expect(answer.attention == Mention.Attention(alt: 0, picture: 0))
                #expect(answer.mask == nil)
            }
        }
    }

    @Test func evidenceOfEachKindCounts() throws {
        try withTinyModel { grounder, worker in
            let text = "Ann met Bob in Rome"
            let bare = try worker.read([PostText(text: text)])[0]
            let told = try worker.read([PostText(text: text, alt: "a man in a blue shirt")])[0]
            let seen = try picture(grounder, worker, seed: 1)
            let answers = try [(bare, nil), (bare, seen), (told, nil), (told, seen)].map {
                try worker.ground($0.0, picture: $0.1)
            }
            #expect(answers.map { $0.allSatisfy { $0.shownVisible == $0.visible } } == [false, true, true, true])
            #expect(answers.map { $0.allSatisfy { $0.boxScore != nil } } == [false, true, false, true])
            for (index, one) in answers.enumerated() {
                for other in answers[..<index] { #expect(one.map(\.visible) != other.map(\.visible)) }
            }
            #expect(told.mentions == bare.mentions)
        }
    }

    @Test func explanationsAddUp() throws {
        try withTinyModel { grounder, worker in
            let reading = try worker.read([PostText(text: "Ann met Bob", alt: "two people in a park")])[0]
            let answers = try worker.ground(
                reading, picture: try picture(grounder, worker, seed: 2), details: [.attention, .mask])
            #expect(!answers.isEmpty)
            for answer in answers {
                let shares = try #require(answer.attention)
                #expect(abs(shares.alt + shares.picture - 1) < 1e-5)
                #expect(shares.alt > 0 && shares.picture > 0)
                let mask = try #require(answer.mask)
                #expect(mask.side == 4 && mask.probabilities.count == 16)
                #expect(mask.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
            }
        }
    }

    @Test func explainingChangesNothing() throws {
        try withTinyModel { grounder, worker in
            let reading = try worker.read([PostText(text: "Ann met Bob", alt: "two people")])[0]
            let seen = try picture(grounder, worker, seed: 5)
            var explained = try worker.ground(reading, picture: seen, details: [.attention, .mask])
            for index in explained.indices { (explained[index].attention, explained[index].mask) = (nil, nil) }
            #expect(try explained == worker.ground(reading, picture: seen))
        }
    }

    @Test func anAlternativeTextOfTenThousandWords() throws {
        try withTinyModel { grounder, worker in
            let alt = String(repeating: "a dog and a man near the lake ", count: 1250)
            let reading = try worker.read([PostText(text: "Ann met Bob", alt: alt)])[0]
            // As far as one window of the encoder reaches.
            #expect(reading.altRows > 10 && reading.altRows < 256)
            let answers = try worker.ground(reading, picture: try picture(grounder, worker, seed: 3))
            #expect(answers.count == reading.mentions.count)
            #expect(answers.allSatisfy { $0.visible?.isFinite == true })
        }
    }

    @Test func sixtyEntities() throws {
        try withTinyModel { grounder, worker in
            let words = (0..<60).map { "N\($0)" }
            var tokens: [Range<Int>] = []
            var mentions: [Mention] = []
            var offset = 0
            for (index, word) in words.enumerated() {
                tokens.append(offset..<offset + word.count)
                mentions.append(Mention(words: index..<index + 1, scalars: tokens[index], type: 0, score: 1))
                offset += word.count + 1
            }
            let post = PostText(text: words.joined(separator: " "), tokens: tokens, mentions: mentions)
            let reading = try worker.read([post])[0]
            #expect(reading.mentions == mentions)
            let answers = try worker.ground(reading, picture: try picture(grounder, worker, seed: 4))
            #expect(answers.map(\.words) == mentions.map(\.words))
            #expect(answers.allSatisfy { $0.box.map(isInside) ?? true })
        }
    }

    /// Two entities of one name are two queries of the same words in other places; each has an answer of its own.
    @Test func twoEntitiesOfTheSameName() throws {
        try withTinyModel { grounder, worker in
            let text = "Kim met Kim"
            let tokens = [0..<3, 4..<7, 8..<11]
            let mentions = [0, 2].map {
                Mention(words: $0..<$0 + 1, scalars: tokens[$0], type: 0, score: 1)
            }
            let seen = try picture(grounder, worker, seed: 6)
            func visible(_ mentions: [Mention]) throws -> [Float] {
                let post = PostText(text: text, tokens: tokens, mentions: mentions)
                let answers = try worker.ground(worker.read([post])[0], picture: seen)
                #expect(answers.map(\.scalars) == mentions.map(\.scalars))
                return try answers.map { try #require($0.visible) }
            }
            let both = try visible(mentions)
            let alone = try mentions.map { try visible([$0])[0] }
            // Neither knows of the other, up to how sums are rounded; and a random model tells places apart by much more.
            for (together, alone) in zip(both, alone) { #expect(abs(together - alone) < 1e-5) }
            #expect(abs(both[0] - both[1]) > 1e-3)
        }
    }

    @Test func boxesStayInside() {
        // An entity that fills the picture, one in a corner, and logits beyond all reason.
        let whole = BoxHead.box([0, 0, 9, 9].span)
        #expect(whole.x1 < 0.001 && whole.y1 < 0.001 && whole.x2 > 0.999 && whole.y2 > 0.999)
        for logits: [Float] in [[9, 9, 2, 2], [-90, 90, 90, -90], [80, 80, 80, 80], [-80, -80, -80, -80]] {
            #expect(isInside(BoxHead.box(logits.span)), "\(logits)")
        }
    }

    @Test func aBoxIsAnsweredWhereItPays() {
        #expect(BoxHead.pays(visible: 0.7, trust: 0.6))
        #expect(!BoxHead.pays(visible: 0.6, trust: 0.6))
        #expect(!BoxHead.pays(visible: 0.5, trust: 1))
        #expect(!BoxHead.pays(visible: 1, trust: 0))
    }

    @Test func calibrationThatFallsIsRefused() throws {
        let shifts: [[Float]] = [[], [0], [0, 0, 0, .nan], [0, 0, 0, 0, 0]]
        let lines = [Calibration(scale: -1), Calibration(scale: .nan), Calibration(shift: .infinity)]
        for calibration in lines + shifts.map({ Calibration(types: $0) }) {
            var configuration = TinyModel.configuration(vocabulary: 200)
            configuration.grounding?.visible = calibration
            #expect(throws: ModelError.self) { try configuration.validate() }
            configuration.grounding?.visible = Calibration()
            configuration.grounding?.pictured = calibration
            #expect(throws: ModelError.self) { try configuration.validate() }
            configuration.grounding?.pictured = nil
            configuration.grounding?.described = calibration
            #expect(throws: ModelError.self) { try configuration.validate() }
        }
    }

    /// Whatever `config.json` says, a number that nobody has looked at yet is not multiplied, shifted or converted.
    @Test func sizesBeyondAllReasonAreRefused() throws {
        for value in [Int.min, -1, 0, 1 << 40, Int.max] {
            let changes: [(inout ModelConfiguration) -> Void] = [
                { $0.picture?.innerRatio = value }, { $0.picture?.width = value }, { $0.picture?.imageSize = value },
                { $0.picture?.patchSize = value }, { $0.picture?.heads = value }, { $0.text.positions = value },
                { $0.text.distanceBuckets = value }, { $0.text.width = value }, { $0.text.vocabularySize = value },
                { $0.grounding?.width = value }, { $0.grounding?.heads = value },
            ]
            for (index, change) in changes.enumerated() {
                var configuration = TinyModel.configuration(vocabulary: 200)
                change(&configuration)
                #expect(throws: ModelError.self, "change \(index) to \(value)") {
                    try configuration.validate()
                }
            }
        }
        var configuration = TinyModel.configuration(vocabulary: 200)
        configuration.text.epsilon = -1
        #expect(throws: ModelError.self) { try configuration.validate() }
    }

    /// As many buckets as there can be, and as few: every distance has one.
    @Test(arguments: [4, 5, 32, 511]) func everyDistanceHasABucket(count: Int) throws {
        let configuration = TextEncoderConfiguration(
            family: .mpnet, width: 2, layers: 1, heads: 1, innerWidth: 2, vocabularySize: 3, positions: 300,
            distanceBuckets: count)
        try configuration.validate()
        var layout = ParameterLayout()
        let buckets = TextEncoder(configuration, in: &layout).distanceBuckets(longest: 298)
        #expect(buckets.count == 2 * 298 - 1 && buckets.allSatisfy { (0..<Int32(count)).contains($0) })
    }

    /// The box head keeps where a patch is in two columns.
    @Test func aWidthOfOneColumnIsRefused() throws {
        #expect(throws: ModelError.self) { try EvidenceConfiguration(width: 1, heads: 1, layers: 1).validate() }
        try EvidenceConfiguration(width: 2, heads: 1, layers: 1).validate()
    }

    @Test func eachKindOfEvidenceHasItsLine() {
        var configuration = EvidenceConfiguration(width: 4, heads: 2, layers: 1, visible: Calibration(shift: 1))
        #expect(configuration.gate(isPictured: true, isDescribed: true) == configuration.visible)
        configuration.pictured = Calibration(shift: 2)
        configuration.described = Calibration(shift: 3)
        #expect(configuration.gate(isPictured: true, isDescribed: true).shift == 2)
        #expect(configuration.gate(isPictured: true, isDescribed: false).shift == 2)
        #expect(configuration.gate(isPictured: false, isDescribed: true).shift == 3)
        #expect(configuration.gate(isPictured: false, isDescribed: false).shift == 1)
    }

    /// Posts read and grounded in one batch are what they are alone.
    @Test func postsTogetherAreGroundedAsAlone() throws {
        try withTinyModel { grounder, worker in
            let heads = try #require(grounder.reading.network.heads)
            let values = grounder.reading.values
            let width = grounder.configuration.text.width
            let evaluator = Evaluator(values, workspace: try Workspace(size: 1 << 22))
            let pictures = try [7, 8].map { try picture(grounder, worker, seed: $0) }
            func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
                var generator = SeededGenerator(state: seed)
                return (0..<count).map { _ in generator.roughlyNormal() }
            }
            let queries = numbers(5 * 2 * width, 1)
            let texts = numbers(3 * width, 2)
            let alt = numbers(4 * width, 3)
            func run(
                entities: [Int], first: Int, posts: Range<Int>, pictures: [PictureFeatures], pictured: [Bool],
                alt: [Float], altCounts: [Int]
            ) throws -> (visible: [Float], boxes: [Float]) {
                evaluator.reset()
                let count = entities.reduce(0, +)
                let tokens = pictures.flatMap(\.tokens)
                let result = try heads.ground(
                    EvidenceBatch(
                        queries: evaluator.constant(
                            rows: count, columns: 2 * width,
                            queries.span.extracting(first * 2 * width..<(first + count) * 2 * width)),
                        kinds: (first..<first + count).map { Int32($0 % 4) }, entities: entities,
                        texts: evaluator.constant(
                            rows: posts.count, columns: width,
                            texts.span.extracting(posts.lowerBound * width..<posts.upperBound * width)),
                        tokens: tokens.isEmpty
                            ? nil
                            : evaluator.constant(
                                rows: tokens.count / pictures[0].width, columns: pictures[0].width, tokens.span),
                        isPictured: pictured,
                        alt: alt.isEmpty
                            ? nil : evaluator.constant(rows: alt.count / width, columns: width, alt.span),
                        altCounts: altCounts),
                    on: evaluator)
                return (evaluator.array(result.visible), result.drawing.map { evaluator.array($0.boxes) } ?? [])
            }
            let together = try run(
                entities: [2, 1, 2], first: 0, posts: 0..<3, pictures: pictures, pictured: [true, false, true],
                alt: alt, altCounts: [0, 3, 1])
            let alone = [
                try run(
                    entities: [2], first: 0, posts: 0..<1, pictures: [pictures[0]], pictured: [true], alt: [],
                    altCounts: [0]),
                try run(
                    entities: [1], first: 2, posts: 1..<2, pictures: [], pictured: [false],
                    alt: Array(alt[..<(3 * width)]), altCounts: [3]),
                try run(
                    entities: [2], first: 3, posts: 2..<3, pictures: [pictures[1]], pictured: [true],
                    alt: Array(alt[(3 * width)...]), altCounts: [1]),
            ]
            #expect(relativeError(together.visible, alone.flatMap(\.visible)) < 1e-4)
            #expect(relativeError(together.boxes, alone.flatMap(\.boxes)) < 1e-4)
        }
    }
}
