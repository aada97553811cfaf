import Geometry
import Testing

@testable import Images

/// Objects cut out of pictures that are drawn here, so that every pixel is known.
@Suite("Cutting objects out")
struct ObjectCutTests {
    private static let (side, patch) = (112, 14)

    /// A picture: what `isObject` says is red with some noise, or blue where it is `another`; the rest is green.
    private func patches(
        _ isObject: (Int, Int) -> Bool, another: (Int, Int) -> Bool = { _, _ in false }
    ) -> [Float] {
        var pixels: [UInt8] = []
        for place in 0..<Self.side * Self.side {
            let (x, y) = (place % Self.side, place / Self.side)
            let noise = UInt8((x * 7 + y * 13) % 23)
            let colour: [UInt8] = another(x, y) ? [40, 50, 190] : isObject(x, y) ? [180, 40, 50] : [40, 120, 70]
            pixels += colour.map { $0 + noise }
        }
        let preparation = ImageToPatches(size: Self.side, patch: Self.patch)
        return preparation.matrix(of: Picture(width: Self.side, height: Self.side, pixels: pixels))
    }

    private func truth(in picture: ImageSize, _ isObject: (Int, Int) -> Bool) -> Mask? {
        let scale = (Double(Self.side) / Double(picture.width), Double(Self.side) / Double(picture.height))
        var runs: [Range<Int>] = []
        for x in 0..<picture.width {
            let column = Int((Double(x) + 0.5) * scale.0)
            for y in 0..<picture.height where isObject(column, Int((Double(y) + 0.5) * scale.1)) {
                runs.append(x * picture.height + y..<x * picture.height + y + 1)
            }
        }
        return Mask(picture: picture, runs: runs)
    }

    /// A disc; a ring, whose hole is filled; two bars, which are two parts.
    private static let shapes: [@Sendable (Int, Int) -> Bool] = [
        { x, y in (x - 60) * (x - 60) + (y - 50) * (y - 50) < 900 },
        { x, y in abs(x - 60) < 30 && abs(y - 50) < 30 && (abs(x - 60) > 8 || abs(y - 50) > 8) },
        { x, y in (34..<48).contains(x) && (20..<80).contains(y) || (70..<88).contains(x) && (20..<80).contains(y) },
    ]
    private static let filled: [@Sendable (Int, Int) -> Bool] = [
        shapes[0], { x, y in abs(x - 60) < 30 && abs(y - 50) < 30 }, shapes[2],
    ]

    @Test(arguments: 0..<3) func coloursTellWhatIsInABox(_ index: Int) throws {
        let cut = try #require(ObjectCut(patches: patches(Self.shapes[index]), patch: Self.patch))
        let box = RelativeBox(x1: 0.26, y1: 0.16, x2: 0.82, y2: 0.74)
        let shape = cut.shape(in: box, guess: nil)
        for size in [ImageSize(width: 112, height: 112), ImageSize(width: 640, height: 333)] {
            let mask = try #require(shape.mask(in: size))
            let expected = try #require(truth(in: size, Self.filled[index]))
            #expect(mask.intersectionOverUnion(expected) > 0.9)
            // Outlines are the same pixels, but for a pixel of the square here and there.
            let runs = try shape.outlines(in: size).flatMap { polygon in
                try #require(Mask(picture: size, polygon: polygon.map { (Double($0.x), Double($0.y)) })).runs
            }
            #expect(try #require(Mask(picture: size, runs: runs)).intersectionOverUnion(mask) > 0.94)
        }
        #expect(shape.outlines(in: ImageSize(width: 10, height: 10)).count == (index == 2 ? 2 : 1))
    }

    /// The share of each patch that is of an object.
    private static func patches(of isObject: (Int, Int) -> Bool) -> PatchMask {
        let (grid, area) = (side / patch, patch * patch)
        return PatchMask(
            (0..<grid * grid).map { place in
                let (left, top) = (place % grid * patch, place / grid * patch)
                return Float((0..<area).count { isObject(left + $0 % patch, top + $0 / patch) }) / Float(area)
            })
    }

    /// Two objects in a box: the patches say which is meant.
    @Test func patchesSayWhichIsMeant() throws {
        let bars = Self.shapes[2]
        let patches = patches(bars) { x, y in bars(x, y) && x > 60 }
        let cut = try #require(ObjectCut(patches: patches, patch: Self.patch))
        let guess = PatchMask((0..<64).map { $0 % 8 < 4 ? 0.7 : 0.01 })
        let shape = cut.shape(in: RelativeBox(x1: 0.26, y1: 0.16, x2: 0.82, y2: 0.74), guess: guess)
        let size = ImageSize(width: 112, height: 112)
        let left = try #require(truth(in: size) { x, y in bars(x, y) && x < 60 })
        #expect(try #require(shape.mask(in: size)).intersectionOverUnion(left) > 0.85)
    }

    /// A box that is all of its picture, most of which is not the object: nothing is outside, so patches have to say what is
    /// meant, and colours where it ends.
    @Test(arguments: 0..<3) func aBoxMayBeAllOfThePicture(_ index: Int) throws {
        let cut = try #require(ObjectCut(patches: patches(Self.shapes[index]), patch: Self.patch))
        let (filled, guess) = (Self.filled[index], Self.patches(of: Self.filled[index]))
        let size = ImageSize(width: 112, height: 112)
        let mask = try #require(cut.shape(in: .whole, guess: guess).mask(in: size))
        #expect(mask.intersectionOverUnion(try #require(truth(in: size, filled))) > 0.9)
    }

    /// Nothing tells the object from what is around it: the box is what is known.
    @Test func withoutColoursThereIsTheBox() throws {
        let cut = try #require(ObjectCut(patches: patches { _, _ in false }, patch: Self.patch))
        let shape = cut.shape(in: RelativeBox(x1: 0.25, y1: 0.25, x2: 0.75, y2: 0.75), guess: nil)
        let size = ImageSize(width: 112, height: 112)
        let mask = try #require(shape.mask(in: size))
        let box = try #require(truth(in: size) { x, y in (28..<84).contains(x) && (28..<84).contains(y) })
        #expect(mask.intersectionOverUnion(box) > 0.5)
    }

    @Test(arguments: [
        RelativeBox(x1: 0, y1: 0, x2: 0, y2: 0), RelativeBox(x1: 1, y1: 1, x2: 1, y2: 1),
        RelativeBox(x1: 0, y1: 0.5, x2: 1, y2: 0.5), RelativeBox.whole, RelativeBox(x1: 0.9999, y1: 0, x2: 1, y2: 1e-9),
    ]) func anyBoxHasAShape(_ box: RelativeBox) throws {
        let cut = try #require(ObjectCut(patches: patches(Self.shapes[0]), patch: Self.patch))
        let shape = cut.shape(in: box, guess: PatchMask([Float](repeating: .nan, count: 64)))
        for size in [ImageSize(width: 1, height: 1), ImageSize(width: 3, height: 9000)] {
            #expect(shape.mask(in: size) != nil)
            #expect(shape.outlines(in: size).allSatisfy { $0.count >= 4 })
        }
    }

    @Test func whatIsNoPictureIsNotCut() {
        #expect(ObjectCut(patches: [], patch: 14) == nil)
        #expect(ObjectCut(patches: [1, 2, 3], patch: 14) == nil)
        #expect(ObjectCut(patches: [Float](repeating: 0, count: 3 * 4 * 3), patch: 2) == nil)
        #expect(ObjectCut(patches: [1], patch: 0) == nil)
    }
}
