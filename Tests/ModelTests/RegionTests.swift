@testable import Randomness
import Testing

@testable import Geometry
@testable import Kernels
@testable import Model

/// What outside tools saw, on its way through a tiny random model.
@Suite("Regions")
struct RegionTests {
    private let text = "Ann met Bob in Rome"
    private let somewhere = RelativeBox(x1: 0.1, y1: 0.2, x2: 0.5, y2: 0.9)

    /// A model with a second stage, and a picture.
    private func withModel(
        _ candidates: CandidateConfiguration?, _ body: (GroundingWorker, PictureFeatures) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            var settings = EvidenceMethod.Settings()
            settings.grounding = EvidenceConfiguration(width: 16, heads: 2, layers: 1, candidates: candidates)
            try TinyModel.write(
                ModelWriter(directory, storage: .float32),
                TinyModel.configuration(EvidenceMethod.self, settings, vocabulary: TinyModel.pieces), seed: 3)
            let grounder = try Grounder(directory: directory)
            let worker = try grounder.makeWorker()
            var generator = SeededGenerator(state: 9)
            let shape = try #require(grounder.configuration.picture)
            let count = shape.grid * shape.grid * shape.patchColumns
            try body(worker, worker.see([PictureInput(patches: (0..<count).map { _ in generator.roughlyNormal() })])[0])
        }
    }

    private func answers(
        _ worker: GroundingWorker, _ picture: PictureFeatures, _ regions: [SeenRegion], _ text: String? = nil,
        details: MentionDetails = []
    ) throws -> [Mention] {
        var picture = picture
        picture.regions = regions
        let reading = try worker.read([PostText(text: text ?? self.text)])[0]
        return try worker.ground(reading, picture: picture, details: details)
    }

    @Test func withoutAnyTheAnswerIsThatOfTheFirstStage() throws {
        var plain: [Mention] = []
        try withModel(nil) { worker, picture in
            plain = try answers(worker, picture, [])
            // A model without a second stage looks away.
            #expect(try answers(worker, picture, [SeenRegion(box: somewhere, label: "cat")]) == plain)
        }
        try withModel(CandidateConfiguration(regions: true, presence: .nowhere)) { worker, picture in
            let bare = try answers(worker, picture, [])
            #expect(bare == plain)
        }
    }

    @Test(arguments: [CandidatePresence.seen, .nowhere])
    func eachThingThatIsSaidOfARegionCounts(presence: CandidatePresence) throws {
        try withModel(CandidateConfiguration(units: 8, regions: true, presence: presence)) { worker, picture in
            let said = [
                [], [SeenRegion(box: somewhere)], [SeenRegion(box: somewhere, label: "cat")],
                [SeenRegion(box: somewhere, label: "dog")], [SeenRegion(box: somewhere, score: 0.7)],
                [SeenRegion(box: somewhere, text: "ROME")], [SeenRegion(box: somewhere, text: "nothing of it")],
                [SeenRegion(box: .whole)], [SeenRegion(box: somewhere), SeenRegion(box: .whole)],
            ]
            let all = try said.map { try answers(worker, picture, $0) }
            for (index, one) in all.enumerated() {
                // Of random numbers, either alone may be the same by chance.
                for other in all[..<index] {
                    #expect(
                        one.map { [$0.visible, $0.boxScore] } != other.map { [$0.visible, $0.boxScore] },
                        "\(said[index])")
                }
            }
            for answer in all.flatMap(\.self) {
                let visible = try #require(answer.visible)
                #expect(answer.drawn != nil && (0...1).contains(visible))
            }
            // The same again: what a worker remembers of labels changes nothing.
            #expect(try said.map { try answers(worker, picture, $0) } == all)
        }
    }

    /// What the model's own detector finds is as good as if somebody had said it, unless another one has looked.
    @Test func objectsThatItFindsAreRegions() throws {
        try withTemporaryDirectory { directory in
            var configuration = TinyModel.configuration(vocabulary: TinyModel.pieces)
            var objects = ObjectDetectorConfiguration(labels: ["cat", "dog"])
            (objects.imageSize, objects.widths, objects.leastScore) = (32, Array(repeating: 4, count: 9), 0.3)
            objects.extras = Array(repeating: [4, 4], count: 4)
            configuration.objects = objects
            try TinyModel.write(ModelWriter(directory, storage: .float32), configuration, seed: 3)
            let grounder = try Grounder(directory: directory)
            #expect(grounder.objectImageSize == 32)
            let worker = try grounder.makeWorker()
            let patches = Array(repeating: Float(0.3), count: 56 * 56 * 3)
            let pixels: [Float] = (0..<32 * 32 * 3).map { Float($0 % 101) / Float(50) - Float(1) }
            let seen = try worker.see([PictureInput(patches: patches, pixels: pixels), PictureInput(patches: patches)])
            #expect(try seen[0].objects == worker.objects(in: pixels) && !seen[0].objects.isEmpty)
            #expect(seen[1].objects.isEmpty && seen[0].tokens == seen[1].tokens)
            let (other, written) = (SeenRegion(box: somewhere, label: "cup"), SeenRegion(box: somewhere, text: "ROME"))
            let own = try answers(worker, seen[0], [])
            #expect(try own == answers(worker, seen[1], seen[0].objects))
            #expect(try own != answers(worker, seen[1], []))
            #expect(try weighed(worker, seen[0], [written]).contains { $0.origin == .detector && $0.label != nil })
            #expect(try weighed(worker, seen[0], [other]).allSatisfy { $0.origin != .detector })
            // What is written there comes beside, another detector's word in its place.
            #expect(try answers(worker, seen[0], [written]) == answers(worker, seen[1], seen[0].objects + [written]))
            #expect(try answers(worker, seen[0], [other]) == answers(worker, seen[1], [other]))
            #expect(throws: ShapeError.self) {
                try worker.see([PictureInput(patches: patches, pixels: [Float](pixels.dropLast(3)))])
            }
        }
    }

    /// What is said of the boxes that were weighed, of all mentions.
    private func weighed(
        _ worker: GroundingWorker, _ picture: PictureFeatures, _ regions: [SeenRegion]
    ) throws -> [WeighedBox] {
        try answers(worker, picture, regions, details: .weighed).flatMap(\.weighed)
    }

    @Test func whatWasWeighedIsTold() throws {
        let cat = SeenRegion(box: somewhere, label: "cat", score: 1)
        try withModel(CandidateConfiguration(units: 8, regions: true)) { worker, picture in
            let plain = try answers(worker, picture, [cat])
            let told = try answers(worker, picture, [cat], details: .weighed)
            #expect(!told.isEmpty)
            for mention in told {
                #expect(mention.weighed.map(\.origin.rawValue).sorted() == ["drawn", "region"])
                #expect(mention.weighed[0].box == mention.drawn && mention.weighed[0].share >= mention.weighed[1].share)
                #expect(abs(mention.weighed.reduce(0) { $0 + $1.share } - 1) < 1e-5)
                for one in mention.weighed {
                    #expect(one.label == (one.origin == .region ? "cat" : nil))
                    if one.origin == .region { #expect(one.box == somewhere) }
                }
            }
            var rest = told
            for index in rest.indices { rest[index].weighed = [] }
            #expect(rest == plain)
            // Of many, the first few; of one alone, nothing.
            let many = try answers(
                worker, picture, Array(repeating: cat, count: 20), details: [.weighed, .attention, .mask])
            #expect(many.allSatisfy { $0.weighed.count == 5 && $0.attention != nil })
            let none = try weighed(worker, picture, [])
            #expect(none.isEmpty)
        }
        try withModel(nil) { worker, picture in
            let weighed = try weighed(worker, picture, [cat])
            #expect(weighed.isEmpty)
        }
    }

    /// Of one region, the answer is that or what was drawn.
    @Test func anAnswerIsOneOfTheCandidates() throws {
        var drawn: [RelativeBox?] = []
        try withModel(nil) { drawn = try answers($0, $1, []).map(\.drawn) }
        try withModel(CandidateConfiguration(units: 8, regions: true)) { worker, picture in
            let answers = try answers(worker, picture, [SeenRegion(box: somewhere, label: "cat", score: 1)])
            #expect(!answers.isEmpty)
            for (answer, drawn) in zip(answers, drawn) { #expect([drawn, somewhere].contains(answer.drawn)) }
        }
    }

    /// More mentions than look at once, with as many regions as a post may have, of no area and all the same among them.
    @Test func manyOfBoth() throws {
        try withModel(CandidateConfiguration(anchors: [.whole], peaks: 3, units: 8, regions: true)) { worker, picture in
            let text = Array(repeating: text, count: 40).joined(separator: " . ")
            let regions = (0..<100).map { number in
                SeenRegion(
                    box: number % 3 == 0
                        ? RelativeBox(x1: 0.5, y1: 0.5, x2: 0.5, y2: 0.5) : RelativeBox(x1: 0, y1: 0, x2: 1, y2: 0.01),
                    label: "thing \(number)", score: .greatestFiniteMagnitude,
                    text: String(repeating: "rome ", count: 50))
            }
            let answers = try answers(worker, picture, regions, text)
            #expect(answers.count > 64)
            #expect(answers.allSatisfy { ($0.boxScore ?? -1).isFinite && ($0.visible ?? -1).isFinite })
        }
    }

    /// The gate is asked alone, unless the model says otherwise.
    @Test func regionsLeaveTheGateAlone() throws {
        var told: [Float?] = []
        try withModel(nil) { told = try answers($0, $1, []).map(\.visible) }
        try withModel(CandidateConfiguration(units: 8, regions: true)) { worker, picture in
            let shown = try answers(worker, picture, [SeenRegion(box: somewhere, label: "cat", text: "ROME")])
            #expect(shown.map(\.visible) == told)
        }
    }

    @Test func labelsOfOtherScriptsCannotBeRead() throws {
        try withModel(nil) { worker, _ in
            #expect(worker.canRead("person") && worker.canRead("") && !worker.canRead("человек"))
        }
    }
}
