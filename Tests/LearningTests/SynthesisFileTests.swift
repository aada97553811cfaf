@testable import Model
import Testing
@testable import Wire

@testable import Learning
@testable import Synthesis
@testable import Geometry
@testable import Corpora

@Suite("Synthesis: files")
struct SynthesisFileTests {
    private let good =
        #"{"image":"a.jpg","captions":["A dog ."],"objects":[{"coco":18,"score":0.5,"box":[0,0.25,0.5,1]}]}"#

    @Test func photographsAreRead() throws {
        let folder = try DataFolder(["p.ndjson": good + "\n\n"])
        let photographs = try CaptionedPhotograph.read(folder.file("p.ndjson"))
        #expect(
            photographs == [
                CaptionedPhotograph(
                    image: "a.jpg", captions: ["A dog ."],
                    objects: [.init(coco: 18, score: 0.5, box: RelativeBox(x1: 0, y1: 0.25, x2: 0.5, y2: 1))])
            ])
    }

    @Test(arguments: [
        (#"{"image":"#, "unexpected end, a value is missing, at byte 10"),
        (#"[]"#, "no “image” with the name of a picture"),
        (#"{"image":5}"#, "no “image” with the name of a picture"),
        (#"{"image":"b.jpg","objects":[]}"#, "“captions” is no list of sentences"),
        (#"{"image":"b.jpg","captions":[],"objects":[]}"#, "“captions” is no list of sentences"),
        (#"{"image":"b.jpg","captions":["A cat",3],"objects":[]}"#, "“captions” is no list of sentences"),
        (#"{"image":"b.jpg","captions":["A cat",". "],"objects":[]}"#, "“captions” is no list of sentences"),
        (#"{"image":"b.jpg","captions":["A cat"]}"#, "“objects” is no list"),
        (#"{"image":"a.jpg","captions":["A cat"],"objects":[]}"#, "picture a.jpg again; line 1 has it already"),
        (
            #"{"image":"b.jpg","captions":["A cat"],"objects":[{"coco":91,"score":1,"box":[0,0,1,1]}]}"#,
            "object 1: “coco” is no class number from 1 to 90"
        ),
        (
            #"{"image":"b.jpg","captions":["A cat"],"objects":[{"coco":1,"score":1.5,"box":[0,0,1,1]}]}"#,
            "object 1: “score” is no number from 0 to 1"
        ),
    ]) func linesThatCannotBeUsed(line: String, message: String) throws {
        let folder = try DataFolder(["p.ndjson": "\(good)\n\(line)\n"])
        #expect(folder.error { _ = try CaptionedPhotograph.read(folder.file("p.ndjson")) } == "p.ndjson:2: \(message)")
    }

    @Test(arguments: [
        "[0,0,1.01,1]", "[-0.1,0,1,1]", "[0.5,0,0.5,1]", "[0,0,1]", "[0,0,1,1e999]", "null", "[0,0,1,\"1\"]",
    ])
    func boxesOutside(box: String) throws {
        let line = #"{"image":"b.jpg","captions":["A cat"],"objects":[{"coco":1,"score":1,"box":\#(box)}]}"#
        let folder = try DataFolder(["p.ndjson": "\(good)\n\(line)\n"])
        #expect(
            folder.error { _ = try CaptionedPhotograph.read(folder.file("p.ndjson")) }
                == "p.ndjson:2: object 1: “box” is not [x1,y1,x2,y2] with 0 ≤ x1 < x2 ≤ 1 and 0 ≤ y1 < y2 ≤ 1")
    }

    @Test func noPhotographsAtAll() throws {
        let folder = try DataFolder(["p.ndjson": "\n"])
        #expect(
            folder.error { _ = try CaptionedPhotograph.read(folder.file("p.ndjson")) } == "p.ndjson: no photographs")
        #expect(
            folder.error { _ = try CaptionedPhotograph.read(folder.file("q.ndjson")) }?.hasPrefix("q.ndjson: ") == true)
    }

    @Test func namesAreCountedAndNothingElseIsKept() throws {
        let post = "IMGID:1\nsee\tO\nAnna\tB-PER\nExample\tI-PER\nin\tO\nTown\tB-LOC\n\nIMGID:2\nTown\tB-LOC\n"
        let folder = try DataFolder(["txt/train.txt": post])
        let expected: [NameInventory.Name] = [
            .init(words: ["Anna", "Example"], type: "PER"), .init(words: ["Town"], type: "LOC", count: 2),
        ]
        #expect(try NameInventory.Name.read(from: folder.path) == expected)
        #expect(try NameInventory.Name.read(from: folder.file("txt/train.txt")) == expected)
        #expect(
            folder.error { _ = try NameInventory.Name.read(from: folder.file("none")) }
                == "none: neither a file nor a folder with txt/train.txt or txt_fine/train.txt")
    }

    @Test func tablesOfNames() throws {
        let folder = try DataFolder(["n.tsv": "PER\tAnna Example\t3\nsports_team\tUnited\n"])
        #expect(
            try NameInventory.Name.readTable(folder.file("n.tsv")) == [
                .init(words: ["Anna", "Example"], type: "PER", count: 3), .init(words: ["United"], type: "sports_team"),
            ])
        for line in ["PER", "PER\t", "PER\tAnna\t0", "PER\tAnna\tmany", "PER\tAnna\t1\tx"] {
            try folder.write("bad.tsv", Array("LOC\tTown\n\(line)\n".utf8))
            #expect(
                folder.error { _ = try NameInventory.Name.readTable(folder.file("bad.tsv")) }
                    == "bad.tsv:2: not a type, a name and perhaps a count with tabs between")
        }
    }

    @Test func whatIsWrittenIsGold() throws {
        let posts = try SynthesisFixtures.posts(perPhotograph: 2)
        let folder = try DataFolder(["empty": ""])
        try posts.write(to: folder.file("gold.ndjson"), pictures: "pictures") { _ in ImageSize(width: 200, height: 100)
        }
        let gold = try NDJSONReader(inventory: .coarse).read(folder.file("gold.ndjson"))
        #expect(gold.notes.isEmpty)
        #expect(gold.posts.count == posts.count)
        for (read, post) in zip(gold.posts, posts) {
            #expect(read.words == post.words && read.text == post.text)
            #expect(read.entities.map(\.words) == post.entities.map(\.words))
            #expect(read.entities.map(\.type) == post.entities.map(\.type))
            #expect(read.entities.map(\.visible) == post.entities.map { $0.visible ? 1 : 0 })
            for (entity, made) in zip(read.entities, post.entities) {
                #expect(entity.isGrounded == (made.visible && made.box == nil ? nil : made.visible))
                guard let box = made.box, let pixels = entity.boxes?.first else { continue }
                #expect(abs(pixels.x1 - box.x1 * 200) < 0.01 && abs(pixels.y2 - box.y2 * 100) < 0.01)
            }
        }
    }
}
