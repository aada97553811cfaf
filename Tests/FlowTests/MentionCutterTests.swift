import Geometry
import Images
import Testing

@testable import Flow
@testable import Model

@Suite("Cutting mentions out")
struct MentionCutterTests {
    /// A mention with a box, one without.
    private var mentions: [Mention] {
        var mentions = (0..<2).map { Mention(words: $0..<$0 + 1, type: 0, score: 1) }
        mentions[0].box = RelativeBox(x1: 0.1, y1: 0.1, x2: 0.8, y2: 0.9)
        return mentions
    }

    private let patches = [Float](repeating: 0.5, count: 3 * 14 * 14 * 16)
    private let size = ImageSize(width: 64, height: 48)
    /// Patches of the left half are like each other, and so are those of the right.
    private let features = PictureFeatures(
        tokens: [0.5, 0.5] + (0..<16).flatMap { $0 % 4 < 2 ? [1, 0] : [0, 1] }, rows: 17, width: 2)

    @Test func whatHasABoxIsCut() {
        var runs = mentions
        #expect(MentionCutter(patch: 14, form: .rle).cut(&runs, out: patches, features, size, by: .never) == 0)
        guard case .runs(let mask) = runs[0].cut else {
            Issue.record("no runs")
            return
        }
        #expect(mask.picture == size && runs[1].cut == nil)
        var outlines = mentions
        #expect(MentionCutter(patch: 14, form: .polygon).cut(&outlines, out: patches, features, size, by: .never) == 0)
        guard case .outlines(let parts) = outlines[0].cut else {
            Issue.record("no outlines")
            return
        }
        #expect(!parts.isEmpty && outlines[1].cut == nil)
    }

    /// Where colours are all the same, what the patch encoder saw tells what is in a box that is nearly all of the picture.
    @Test func patchesTellWhatIsInABox() throws {
        var mentions = mentions
        mentions[0].box = RelativeBox(x1: 0, y1: 0, x2: 0.75, y2: 1)
        #expect(MentionCutter(patch: 14, form: .rle).cut(&mentions, out: patches, features, size, by: .never) == 0)
        guard case .runs(let mask) = mentions[0].cut else {
            Issue.record("no runs")
            return
        }
        let left = try #require(Mask(picture: size, runs: [0..<32 * 48]))
        #expect(mask.intersectionOverUnion(left) > 0.9)
    }

    @Test func thereIsAnEndToIt() {
        var mentions = mentions + mentions
        let cutter = MentionCutter(patch: 14, form: .rle)
        #expect(cutter.cut(&mentions, out: patches, features, size, by: Deadline { true }) == 2)
        #expect(mentions.allSatisfy { $0.cut == nil })
    }

    @Test func whatIsNoPictureIsLeft() {
        var mentions = mentions
        let cutter = MentionCutter(patch: 14, form: .rle)
        #expect(cutter.cut(&mentions, out: [], features, size, by: .never) == 0)
        #expect(cutter.cut(&mentions, out: patches, features, nil, by: .never) == 0)
        #expect(mentions.allSatisfy { $0.cut == nil })
    }
}
