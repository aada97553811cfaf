@testable import Model
@testable import Images
import Testing

@testable import Learning
@testable import Geometry
@testable import Randomness

@Suite("Parts of pictures, and collages")
struct PictureViewTests {
    private let part = PicturePart(columns: 500..<1000, rows: 0..<500)

    @Test func boxesMoveWithTheirPart() throws {
        let inside = try #require(part.box(RelativeBox(x1: 0.5, y1: 0.125, x2: 0.75, y2: 0.5)))
        #expect(inside == RelativeBox(x1: 0, y1: 0.25, x2: 0.5, y2: 1))
    }

    @Test func boxesAreCutOffAtTheEdge() throws {
        // Three quarters of it are in the part.
        let cut = try #require(part.box(RelativeBox(x1: 0.4375, y1: 0, x2: 0.6875, y2: 0.25)))
        #expect(cut == RelativeBox(x1: 0, y1: 0, x2: 0.375, y2: 0.5))
    }

    @Test(arguments: [
        RelativeBox(x1: 0, y1: 0, x2: 0.4, y2: 0.4), RelativeBox(x1: 0.3, y1: 0, x2: 0.6, y2: 0.5),
        RelativeBox(x1: 0.7, y1: 0.2, x2: 0.7, y2: 0.4),
    ])
    func boxesMostlyOutsideAreGone(box: RelativeBox) {
        #expect(part.box(box) == nil)
    }

    @Test func pixelsAreThoseOfThePart() {
        // Four by two pixels that count up.
        let picture = Picture(width: 4, height: 2, pixels: (0..<8).flatMap { [$0, $0, $0] })
        let cut = part.cut(picture)
        #expect(cut.width == 2 && cut.height == 1)
        #expect(cut.pixels == [2, 2, 2, 3, 3, 3])
    }

    @Test func aPartOfOnePixelIsThatPixel() {
        let picture = Picture(width: 1, height: 1, pixels: [9, 8, 7])
        #expect(part.cut(picture) == picture)
    }

    @Test func partsAreOfAllSizesAndInside() {
        var random = SeededGenerator(seed: 3, stream: 1)
        let parts = (0..<200).map { _ in PicturePart.random(using: &random) }
        for part in parts {
            #expect(0 <= part.columns.lowerBound && part.columns.upperBound <= 1000 && part.columns.count > 500)
            #expect(0 <= part.rows.lowerBound && part.rows.upperBound <= 1000 && part.rows.count > 500)
        }
        #expect(parts.contains { $0.columns.lowerBound == 0 } || parts.contains { $0.columns.lowerBound > 200 })
        #expect(Set(parts).count > 190)
    }

    @Test func boxesShrinkIntoTheirCell() {
        let collage = Collage(columns: 2, rows: 2, place: 1, others: ["b", "c", "d"])
        let box = collage.box(RelativeBox(x1: 0.5, y1: 0.25, x2: 1, y2: 0.5))
        #expect(box == RelativeBox(x1: 0.75, y1: 0.125, x2: 1, y2: 0.25))
    }

    /// Pictures of one colour each and of several sizes: each fills its cell, the first name's in its own place.
    @Test(arguments: [(2, 1, [2, 1]), (1, 2, [2, 1]), (2, 2, [2, 1, 3, 4])])
    func cellsAreFilledInOrder(columns: Int, rows: Int, expected: [UInt8]) throws {
        let others = Array(["2", "3", "4"].prefix(columns * rows - 1))
        let collage = Collage(columns: columns, rows: rows, place: 1, others: others)
        let view = PictureView(image: "1", framing: .collage(collage))
        let picture = view.picture(atLeast: 2) { name, _ in
            let colour = UInt8(name) ?? 0
            let side = Int(colour) + 1
            return Picture(width: side, height: side, pixels: [UInt8](repeating: colour, count: 3 * side * side))
        }
        #expect(picture.width == 2 * columns && picture.height == 2 * rows)
        let corners = (0..<columns * rows).map { cell in
            picture.pixels[3 * ((cell / columns * 2 + 1) * picture.width + cell % columns * 2 + 1)]
        }
        #expect(corners == expected)
    }

    @Test func collagesUseTheNamesThereAre() throws {
        var random = SeededGenerator(seed: 3, stream: 1)
        #expect(Collage.random(others: [], using: &random) == nil)
        let two = (0..<20).compactMap { _ in Collage.random(others: ["b"], using: &random) }
        #expect(two.allSatisfy { $0.columns * $0.rows == 2 && $0.others == ["b"] && $0.place < 2 })
        let all = (0..<50).compactMap { _ in Collage.random(others: ["b", "c", "d"], using: &random) }
        #expect(Set(all.map { [$0.columns, $0.rows] }) == [[2, 1], [1, 2], [2, 2]])
    }

    @Test func everyViewHasANameOfItsOwn() {
        let views = [
            PictureView(image: "a"), PictureView(image: "b"), PictureView(image: "a", framing: .part(part)),
            PictureView(image: "a", framing: .part(PicturePart(columns: 0..<500, rows: 0..<500))),
            PictureView(image: "a", framing: .collage(Collage(columns: 2, rows: 1, place: 0, others: ["b"]))),
            PictureView(image: "a", framing: .collage(Collage(columns: 2, rows: 1, place: 1, others: ["b"]))),
        ]
        #expect(Set(views.map(\.name)).count == views.count)
    }

    /// What a part cuts off may still be seen there: the gate must learn nothing of it.
    @Test func entitiesOutsideAPartAreOfUnknownVisibility() throws {
        let posts = [
            EvidencePost(
                words: ["Ann", "Bob", "Kim"],
                entities: [
                    entity(0, true, [RelativeBox(x1: 0, y1: 0, x2: 0.4, y2: 0.4)]),
                    entity(1, true, [RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 0.5)]), entity(2, false, []),
                ], image: "a",
                objects: [RelativeBox(x1: 0, y1: 0, x2: 0.4, y2: 0.4), RelativeBox(x1: 0.5, y1: 0, x2: 1, y2: 0.5)])
        ]
        let shown = EvidenceSet.Shown(picture: "a", framing: .part(part))
        let seen = posts[0].entities(in: shown)
        #expect(seen.map(\.isVisible) == [nil, true, false])
        #expect(seen.map(\.boxes) == [[], [RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)], []])
        #expect(posts[0].objects(in: shown) == [RelativeBox(x1: 0, y1: 0, x2: 1, y2: 1)])
    }

    private func entity(_ word: Int, _ isVisible: Bool, _ boxes: [RelativeBox]) -> EvidencePost.Entity {
        EvidencePost.Entity(
            words: word..<word + 1, typeIndex: 0, isVisible: isVisible, boxes: boxes, isPerson: true)
    }
}
