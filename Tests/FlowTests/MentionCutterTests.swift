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

    @Test func whatHasABoxIsCut() {
        var runs = mentions
        #expect(MentionCutter(patch: 14, form: .rle).cut(&runs, out: patches, size, by: .never) == 0)
        guard case .runs(let mask) = runs[0].cut else {
            Issue.record("no runs")
            return
        }
        #expect(mask.picture == size && runs[1].cut == nil)
        var outlines = mentions
        #expect(MentionCutter(patch: 14, form: .polygon).cut(&outlines, out: patches, size, by: .never) == 0)
        guard case .outlines(let parts) = outlines[0].cut else {
            Issue.record("no outlines")
            return
        }
        #expect(!parts.isEmpty && outlines[1].cut == nil)
    }

    @Test func thereIsAnEndToIt() {
        var mentions = mentions + mentions
        let cutter = MentionCutter(patch: 14, form: .rle)
        #expect(cutter.cut(&mentions, out: patches, size, by: Deadline { true }) == 2)
        #expect(mentions.allSatisfy { $0.cut == nil })
    }

    @Test func whatIsNoPictureIsLeft() {
        var mentions = mentions
        let cutter = MentionCutter(patch: 14, form: .rle)
        #expect(cutter.cut(&mentions, out: [], size, by: .never) == 0)
        #expect(cutter.cut(&mentions, out: patches, nil, by: .never) == 0)
        #expect(mentions.allSatisfy { $0.cut == nil })
    }
}
