import Grounding
import Testing

@testable import Model

/// What programs that embed a model tell it of pictures.
@Suite("Regions of embedding programs")
struct EmbeddedRegionTests {
    private let place = Box(x1: 1, y1: 2, x2: 5, y2: 4)

    private func visible(_ regions: [[Region]]) throws -> [[Double?]] {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            let session = try GroundingModel(directory: directory.string).makeSession()
            let pixels = (0..<3 * 8 * 6).map { UInt8(truncatingIfNeeded: $0 * 37) }
            return try regions.map { regions in
                var post = Post("Ann met Bob in Rome", picture: try .pixels(width: 8, height: 6, rgb: pixels))
                post.regions = regions
                return try session.ground(post).map(\.visible)
            }
        }
    }

    @Test func theyCount() throws {
        let answers = try visible([
            [], [Region(place)], [Region(place, label: "cat")], [Region(place, text: "ROME")],
            [Region(place, label: "человек")],
        ])
        #expect(!answers[0].isEmpty)
        #expect(Set(answers[0...3].map { $0.map(\.debugDescription).joined() }).count == 4)
        // A label that the model cannot read is none.
        #expect(answers[4] == answers[1])
    }

    @Test func whatIsNoPlaceInThePictureDoesNot() throws {
        let nowhere = [
            Box(x1: 9, y1: 0, x2: 12, y2: 6), Box(x1: .nan, y1: 0, x2: 1, y2: 1),
            Box(x1: 0, y1: 0, x2: .infinity, y2: 1),
            Box(x1: 3, y1: 3, x2: 3, y2: 5),
        ].map { Region($0, score: .nan) }
        let turned = Region(Box(x1: 5, y1: 4, x2: 1, y2: 2))
        let answers = try visible([[], nowhere, [Region(place)], nowhere + [turned]])
        #expect(answers[0] == answers[1] && answers[2] == answers[3] && answers[0] != answers[2])
        let many = try visible([
            Array(repeating: Region(place), count: 100), Array(repeating: Region(place), count: 10_000),
        ])
        #expect(many[0] == many[1])
    }
}
