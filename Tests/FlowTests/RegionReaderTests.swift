import Geometry
import Testing
import Wire

@testable import Flow
@testable import Model

@Suite("What outside tools saw, in a picture of known size")
struct RegionReaderTests {
    private let size = ImageSize(width: 200, height: 100)

    private func read(
        _ regions: [PostRegion], isOfUse: Bool = true
    ) -> (seen: [SeenRegion], warnings: [Warning]) {
        var warnings: [Warning] = []
        let seen = RegionReader(isOfUse: isOfUse).read(
            regions, in: size, canRead: { $0.utf8.allSatisfy { $0 < 0x80 } }, warn: { warnings.append($0) })
        return (seen, warnings)
    }

    @Test func pixelsBecomeShares() {
        let region = PostRegion(
            box: PixelBox(x1: 20, y1: 10, x2: 100, y2: 50), label: "person", score: 0.5, text: "ACME")
        let result = read([region])
        #expect(
            result.seen == [
                SeenRegion(
                    box: RelativeBox(x1: 0.1, y1: 0.1, x2: 0.5, y2: 0.5), label: "person", score: 0.5, text: "ACME")
            ])
        #expect(result.warnings.isEmpty)
    }

    @Test func whatLiesOutsideIsLeftOutAndTold() {
        let regions = [
            PixelBox(x1: -50, y1: -50, x2: 300, y2: 300), PixelBox(x1: 200, y1: 0, x2: 250, y2: 50),
            PixelBox(x1: 0, y1: -9, x2: 50, y2: 0), PixelBox(x1: 1e30, y1: 1e30, x2: 2e30, y2: 3e30),
        ].map { PostRegion(box: $0) }
        let result = read(regions)
        #expect(result.seen.map(\.box) == [.whole])
        #expect(result.warnings.map(\.code) == ["regions.outside"])
        #expect(
            result.warnings[0].message
                == "region 1 lies outside of its picture of 200×100 (3 of 4 regions left out)")
    }

    @Test func aLabelThatNobodyCanReadIsNone() {
        let box = PixelBox(x1: 0, y1: 0, x2: 9, y2: 9)
        let result = read([
            PostRegion(box: box, label: "person"), PostRegion(box: box, label: "人物"), PostRegion(box: box, label: ""),
        ])
        #expect(result.seen.map(\.label) == ["person", nil, ""])
        #expect(result.warnings.map(\.code) == ["regions.script"])
    }

    @Test func aModelThatLooksAloneSaysSo() {
        let region = PostRegion(box: PixelBox(x1: 0, y1: 0, x2: 9, y2: 9))
        let result = read([region], isOfUse: false)
        #expect(result.seen.isEmpty && result.warnings.map(\.code) == ["regions.unused"])
        #expect(read([], isOfUse: false).warnings.isEmpty)
    }
}
