import Testing

@testable import Model
@testable import Geometry

@Suite("Candidates and peaks of masks")
struct CandidateChoiceTests {
    @Test func peaksComeBeforeWhatIsMerelyHigh() {
        // Two hills; the higher one's slope is above the other one's top.
        let mask: [Float] = [
            9, 8, 0, 0,
            7, 6, 0, 0,
            0, 0, 0, 1,
            0, 0, 1, 5,
        ]
        #expect(SaliencyPeaks.find(mask.span, grid: 4, 2) == [0, 15])
        #expect(SaliencyPeaks.find(mask.span, grid: 4, 4) == [0, 15, 1, 4])
        #expect(SaliencyPeaks.find(mask.span, grid: 4, 0) == [])
    }

    @Test func aFlatMaskHasNoPeakAndAnswersAllTheSame() {
        let flat = [Float](repeating: 1, count: 4)
        #expect(SaliencyPeaks.find(flat.span, grid: 2, 3) == [0, 1, 2])
        // More than there are patches.
        #expect(SaliencyPeaks.find(flat.span, grid: 2, 6) == [0, 1, 2, 3, 3, 3])
        let broken = [Float](repeating: .nan, count: 4)
        #expect(SaliencyPeaks.find(broken.span, grid: 2, 2).count == 2)
    }

    @Test(arguments: [
        (RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1), 10), (RelativeBox(x1: 0, y1: 0, x2: 0.2, y2: 0.2), 0),
        (RelativeBox(x1: 1, y1: 1, x2: 1, y2: 1), 15), (RelativeBox(x1: 0.8, y1: 0, x2: 1, y2: 0.1), 3),
    ])
    func centresLieInAPatch(box: RelativeBox, patch: Int) {
        #expect(box.centrePatch(grid: 4) == patch)
    }

    @Test func candidatesOutsideThePictureAreRefused() throws {
        var configuration = EvidenceConfiguration(width: 4, heads: 2, layers: 1)
        for (anchors, peaks) in [
            ([[0, 0, 1]], 1), ([[0, 0, 2, 1]], 1), ([[0.5, 0, 0.4, 1]], 1), ([[0, 0, 1, 1]], 257),
        ]
            as [([[Float]], Int)]
        {
            configuration.candidates = CandidateConfiguration(anchors: [], peaks: peaks)
            configuration.candidates?.anchors = anchors
            #expect(throws: ModelError.self) { try configuration.validate() }
        }
        configuration.candidates = CandidateConfiguration(anchors: [RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)], peaks: 0)
        try configuration.validate()
    }
}
