import Corpora
import Testing

@testable import Geometry
@testable import Images
@testable import Synthesis

@Suite("Synthesis: noun phrases, and pictures drawn of them")
struct SynthesisDrawingTests {
    private static let sentences = [
        "Two brown dogs run .", "A brown dog and a large , fluffy dog", "A man with a guitar at a lake", "Nothing here",
        "A group of men",
    ]

    @Test func phrasesAreCounted() {
        let nouns = NounVocabulary(of: Self.sentences, most: 10)
        #expect(
            nouns.entries == [
                .init(phrase: "brown dog", count: 2), .init(phrase: "man", count: 2),
                .init(phrase: "guitar", count: 1), .init(phrase: "lake", count: 1),
                .init(phrase: "large fluffy dog", count: 1),
            ])
        #expect(NounVocabulary(of: Self.sentences, most: 3).entries == Array(nouns.entries.prefix(3)))
        #expect(NounVocabulary(of: ["Nothing"], most: 3).entries.isEmpty)
    }

    @Test func whatIsWrittenIsRead() throws {
        let nouns = NounVocabulary(of: Self.sentences, most: 10)
        let folder = try DataFolder()
        try folder.write("n.ndjson", nouns.lines)
        #expect(try NounVocabulary.read(folder.file("n.ndjson")) == nouns)
    }

    @Test(arguments: [
        ("[]", "no “phrase” with words"), (#"{"phrase":"..","count":1}"#, "no “phrase” with words"),
        (#"{"phrase":"cat"}"#, "“count” is no whole number above 0"),
        (#"{"phrase":"cat","count":0}"#, "“count” is no whole number above 0"),
        (#"{"phrase":"dog","count":2}"#, "“dog” again; line 1 has it already"),
    ]) func linesThatCannotBeUsed(line: String, message: String) throws {
        let folder = try DataFolder(["n.ndjson": "{\"phrase\":\"dog\",\"count\":3}\n\(line)\n"])
        #expect(folder.error { _ = try NounVocabulary.read(folder.file("n.ndjson")) } == "n.ndjson:2: \(message)")
    }

    @Test func nothingToReadIsSaid() throws {
        let folder = try DataFolder(["n.ndjson": "\n"])
        #expect(folder.error { _ = try NounVocabulary.read(folder.file("n.ndjson")) } == "n.ndjson: no noun phrases")
    }

    private func picture(_ sentence: String, seed: UInt64 = 1, number: Int = 0) throws -> DrawnPicture {
        let drawer = SentenceDrawer(nouns: NounVocabulary(of: Self.sentences, most: 10), seed: seed)
        return try #require(drawer.picture(of: sentence, number: number))
    }

    @Test func phrasesOfTheVocabularyAreDrawn() throws {
        let picture = try picture("A red man and two brown dogs at a lake , a cat near")
        // What lies around comes first; of "red man", the man is known; of the cat, nothing.
        #expect(picture.objects.map(\.phrase) == ["lake", "man", "brown dog"])
        #expect(picture.objects.map(\.coco) == [nil, 1, 18])
        #expect(
            SentenceDrawer(nouns: NounVocabulary(of: Self.sentences, most: 10), seed: 1)
                .picture(of: "A cat .", number: 0) == nil)
    }

    @Test func seedAndNumberDecide() throws {
        let first = try picture("A man with a guitar")
        #expect(try picture("A man with a guitar").pixels == first.pixels)
        #expect(try picture("A man with a guitar", seed: 2).pixels != first.pixels)
        #expect(try picture("A man with a guitar", number: 1).pixels != first.pixels)
    }

    @Test func boxesAreWhereTheShapesAre() throws {
        for number in 0..<20 {
            let picture = try picture("A brown dog", number: number)
            let box = try #require(picture.objects.first?.box)
            let (side, pixels) = (picture.side, picture.pixels)
            let background = Array(pixels[0..<3])
            var (columns, rows): (Set<Int>, Set<Int>) = ([], [])
            for place in 0..<side * side where Array(pixels[3 * place..<3 * place + 3]) != background {
                columns.insert(place % side)
                rows.insert(place / side)
            }
            // The corner may be a part of the shape.
            guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max(),
                columns.count < side
            else { continue }
            let edges = [box.x1, box.y1, box.x2, box.y2].map { Int(($0 * Float(side)).rounded()) }
            #expect(edges == [left, top, right + 1, bottom + 1])
        }
    }

    @Test func drawnPicturesAreCaptionedPhotographs() throws {
        let photograph = try picture("A man with a guitar").photograph(named: "a.png")
        var line: [UInt8] = []
        photograph.json.write(into: &line)
        let folder = try DataFolder()
        try folder.write("p.ndjson", line)
        let read = try CaptionedPhotograph.read(folder.file("p.ndjson"))
        #expect(read.map(\.captions) == [["A man with a guitar"]] && read.map(\.image) == ["a.png"])
        #expect(read[0].objects.map(\.phrase) == ["man", "guitar"] && read[0].objects.map(\.coco) == [1, nil])
        for (object, drawn) in zip(read[0].objects, photograph.objects) {
            #expect(object.box.overlap(drawn.box) > 0.999)
        }
    }

    @Test func objectsNeedAClassOrAPhrase() throws {
        for object in [#""score":1"#, #""coco":null,"score":1"#, #""coco":"1","phrase":"dog","score":1"#] {
            let folder = try DataFolder([
                "p.ndjson": #"{"image":"a","captions":["b"],"objects":[{\#(object),"box":[0,0,1,1]}]}"#
            ])
            #expect(
                folder.error { _ = try CaptionedPhotograph.read(folder.file("p.ndjson")) }
                    == "p.ndjson:1: object 1: “coco” is no class number from 1 to 90")
        }
    }
}
