import Foundation
import Geometry
import SystemPackage
import Testing

@testable import Model

/// The detector of objects against OpenCV (see Fixtures/make_detector.py).
@Suite struct ObjectDetectorTests {
    private struct Expected: Decodable {
        let `class`: Int
        let score: Float
        let box: [Float]
    }

    private static let names: [String?] = ["one", "two", "three"]
    private static let side = 300

    /// The pattern that the fixture's objects are found in.
    private var pixels: [Float] {
        (0..<Self.side * Self.side).flatMap { place -> [Float] in
            let (x, y) = (place % Self.side, place / Self.side)
            let colour = [
                (x * 7 + y * 3) % 256, (x / 25 + y / 40) % 2 * 200 + x * y % 47, (x + y) * 255 / (2 * Self.side),
            ]
            return colour.map { Float($0) * 2 / 255 - 1 }
        }
    }

    private var expected: [Expected] {
        get throws {
            try JSONDecoder().decode(
                [Expected].self, from: Data(contentsOf: URL(filePath: fixture("Detector/objects.json").string)))
        }
    }

    private func objects(_ detector: DetectorImport, in pixels: [Float]) throws -> [SeenRegion] {
        var layout = ParameterLayout()
        let network = ObjectDetector(detector.configuration, in: &layout)
        let values = try ParameterValues(layout) { entry, span throws(ModelError) in
            for (place, number) in detector.numbers(entry.parameter).enumerated() { span[place] = number }
        }
        let evaluator = try evaluator(values)
        let outputs = try network.detect(
            evaluator.constant(rows: pixels.count / 3, columns: 3, pixels.span), on: evaluator)
        var found = DetectedObjects(detector.configuration)
        for (map, output) in outputs.enumerated() {
            found.take(
                map: map, side: output.side, offsets: evaluator.array(output.offsets),
                scores: evaluator.array(output.scores))
        }
        return found.regions
    }

    /// Expects one of the regions to be an object; of two that are as sure as each other either may come first.
    private func expect(_ other: Expected, among regions: [SeenRegion]) {
        let cut = other.box.map { min(1, max(0, $0)) }
        #expect(
            regions.contains { region in
                let edges = [region.box.x1, region.box.y1, region.box.x2, region.box.y2]
                return region.label == Self.names[other.class - 1] && abs((region.score ?? 0) - other.score) < 1e-5
                    && zip(edges, cut).allSatisfy { abs($0 - $1) < 1e-5 }
            }, "\(other)")
    }

    @Test func findsWhatOpenCVFinds() throws {
        let found = try objects(DetectorImport(fixture("Detector/graph.pb"), labels: Self.names), in: pixels)
        let expected = try expected
        #expect(found.count == expected.count)
        for other in expected { expect(other, among: found) }
        #expect(found.compactMap(\.score) == found.compactMap(\.score).sorted(by: >))
    }

    @Test func classesWithoutANameAreLeftOut() throws {
        let found = try objects(
            DetectorImport(fixture("Detector/graph.pb"), labels: ["one", nil, "three"]), in: pixels)
        #expect(found.allSatisfy { $0.label != "two" })
        for other in try expected where other.class != 2 { expect(other, among: found) }
    }

    @Test func whatIsWrittenIsTheSameDetector() throws {
        try withTemporaryDirectory { folder in
            let graph = try DetectorImport(fixture("Detector/graph.pb"), labels: Self.names)
            try graph.write(ModelWriter(folder, storage: .float32))
            let copy = try DetectorImport(folder)
            #expect(copy.configuration == graph.configuration)
            for entry in copy.layout.entries {
                #expect(copy.numbers(entry.parameter) == graph.numbers(entry.parameter), "\(entry.names)")
            }
        }
    }

    @Test(arguments: ["", "\u{8}", "\u{A}\u{7F}", "no graph at all, but a line of text", "\u{A}\u{2}\u{A}\u{0}"])
    func whatIsNoGraphIsRefused(content: String) throws {
        try withTemporaryDirectory { folder in
            let file = folder.appending("graph.pb")
            try Data(content.utf8).write(to: URL(filePath: file.string))
            #expect(throws: ModelError.self) { try DetectorImport(file) }
        }
    }

    @Test func aGraphThatIsCutOffOrHasOtherClassesIsRefused() throws {
        let path = try fixture("Detector/graph.pb")
        #expect(throws: ModelError.self) { try DetectorImport(path) }
        #expect(throws: ModelError.self) { try DetectorImport(path, labels: ["one"]) }
        let bytes = try Data(contentsOf: URL(filePath: path.string))
        try withTemporaryDirectory { folder in
            let file = folder.appending("graph.pb")
            // What is left may still be whole fields: then something is missing.
            for count in stride(from: 1, to: bytes.count, by: 9973) {
                try bytes.prefix(count).write(to: URL(filePath: file.string))
                #expect(throws: ModelError.self, "\(count) bytes") { try DetectorImport(file, labels: Self.names) }
            }
        }
    }

    @Test func aDetectorOfAnImpossibleShapeIsRefused() throws {
        for change: (inout ObjectDetectorConfiguration) -> Void in [
            { $0.labels = [] }, { $0.widths = [] }, { $0.widths[3] = 0 }, { $0.extras[1] = [4] }, { $0.extras = [] },
            { $0.imageSize = 1 << 20 }, { $0.leastScore = -1 }, { $0.leastScore = .nan },
        ] {
            var configuration = ObjectDetectorConfiguration(labels: ["one"])
            change(&configuration)
            #expect(throws: ModelError.self) { try configuration.validate() }
        }
    }
}
