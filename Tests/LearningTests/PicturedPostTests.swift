import Foundation
import SystemPackage
import Testing

@testable import Corpora
@testable import Geometry
@testable import Images
@testable import Learning
@testable import Model
@testable import Text

/// Labelled posts that have their pictures, as somebody has them who looked at every picture.
@Suite("Posts with pictures")
struct PicturedPostTests {
    /// A line of a file of such posts.
    private func line(_ id: Int, _ text: String, image: String?, _ triples: [String]) -> String {
        let picture = image.map { #","image":"\#($0)","width":56,"height":28"# } ?? ""
        return #"{"id":"\#(id)","text":"\#(text)"\#(picture),"triples":[\#(triples.joined(separator: ","))]}"#
    }

    private func triple(_ start: Int, _ end: Int, _ boxes: String = "[]", type: String = "PER", more: String = "")
        -> String
    {
        #"{"type":"\#(type)","start":\#(start),"end":\#(end),"boxes":\#(boxes)\#(more)}"#
    }

    /// The development posts of lines.
    private func read(_ lines: [String]) throws -> EvidenceData.Posts {
        let folder = try DataFolder(["dev.ndjson": lines.joined(separator: "\n")])
        var data = EvidenceData()
        data.pictured = folder.path
        return try data.read(.dev, types: .coarse)
    }

    @Test func entitiesCoverTheWordsThatTheyTouch() throws {
        let text = "#Rio #ParisNights Kim's"
        let posts = try read([
            line(
                1, text, image: "a.png",
                [
                    triple(1, 4, "[[14,7,28,21],[0,0,56,28]]", type: "LOC"), triple(6, 11, type: "LOC"),
                    triple(18, 21, "[[0,0,7,7]]", more: #","unsure":true"#),
                ])
        ])
        let post = try #require(posts.pictured.first)
        #expect(posts.real.isEmpty && posts.made.isEmpty && posts.all == posts.pictured && posts.notes.isEmpty)
        #expect(post.words == ["#", "Rio", "#", "ParisNights", "Kim", "'s"])
        #expect(post.image == "images/a.png")
        #expect(post.entities.map(\.words) == [1..<2, 3..<4, 4..<5])
        #expect(post.entities.map(\.isVisible) == [true, false, nil])
        #expect(post.entities[0].boxes.map(\.x1) == [0.25, 0] && post.entities[0].boxes.map(\.y2) == [0.75, 1])
        // Nobody can tell of the last one; so its box is nothing to learn from.
        #expect(post.entities[2].boxes.isEmpty && post.objects.count == 2)
    }

    @Test func whatCannotBeReadIsCounted() throws {
        let posts = try read([
            line(1, "Kim  met", image: "a.png", [triple(0, 3), triple(3, 5)]),
            line(2, "Kim", image: nil, [triple(0, 3)]), line(3, "nobody", image: "a.png", []),
        ])
        #expect(posts.pictured.map(\.entities.count) == [1, 1])
        #expect(posts.pictured.map(\.image) == ["images/a.png", nil])
        #expect(posts.notes.count == 1)
        #expect(posts.notes[0].hasSuffix("dev.ndjson: entities left out because they are in no word: 1"))
    }

    @Test func boxesNeedASize() throws {
        let folder = try DataFolder([
            "dev.ndjson": #"{"id":"7","text":"Kim","image":"a.png","triples":[\#(triple(0, 3, "[[0,0,9,9]]"))]}"#
        ])
        var data = EvidenceData()
        data.pictured = folder.path
        let error = folder.error { _ = try data.read(.dev, types: .coarse) }
        #expect(error?.contains("dev.ndjson, post 7: boxes, but no “width” and “height”") == true, "\(error ?? "none")")
    }

    /// Where an entity is, if it is anywhere, can be learned also where nobody could tell whether.
    @Test func trainingKeepsBoxesOfWhatIsUnsure() throws {
        let unsure = triple(0, 3, "[[0,0,28,28]]", more: #","unsure":true"#)
        let folder = try DataFolder(["train.ndjson": line(1, "Kim", image: "a.png", [unsure])])
        var data = EvidenceData()
        data.pictured = folder.path
        let entity = try #require(try data.read(.train, types: .coarse).pictured.first?.entities.first)
        #expect(entity.isVisible == nil && entity.boxes == [RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1)])
    }

    @Test func objectsOfADetectorStandBesideWhatIsLabelled() throws {
        let known = triple(0, 3, "[[0,0,28,28]]")
        let folder = try DataFolder([
            "train.ndjson": [line(1, "Kim", image: "a.png", [known]), line(2, "Kim", image: "b.png", [triple(0, 3)])]
                .joined(separator: "\n"),
            "objects.ndjson": """
            {"image":"a.png","objects":[{"coco":1,"score":0.9,"box":[0,0,1,0.5]},{"coco":3,"score":0.4,"box":[0,0,1,1]}]}
            """,
        ])
        var data = EvidenceData()
        data.pictured = folder.path
        let posts = try data.read(.train, types: .coarse).pictured
        #expect(
            posts.map(\.objects) == [
                [RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1), RelativeBox(x1: 0, y1: 0, x2: 1, y2: 0.5)], [],
            ])
        try folder.write("objects.ndjson", Array(#"{"image":"a.png","objects":[{"coco":0}]}"#.utf8))
        let error = folder.error { _ = try data.read(.train, types: .coarse) }
        #expect(error == "objects.ndjson:1: object 1: “coco” is no class number from 1 to 90")
    }

    @Test func trainingShowsPartsAndPicturesOfOtherPosts() throws {
        let lines = (0..<8).map { line($0, "Kim", image: "\($0).png", [triple(0, 3)]) }.joined(separator: "\n")
        let folder = try DataFolder(["train.ndjson": lines, "dev.ndjson": lines])
        var data = EvidenceData()
        data.pictured = folder.path
        data.partsPerPicture = 3
        let posts = try data.read(.train, types: .coarse).pictured
        #expect(posts.allSatisfy { $0.origin == .pictured && $0.framings.count == 3 })
        #expect(posts.allSatisfy { post in post.otherImages.allSatisfy { $0 != post.image } })
        #expect(Set(posts.flatMap(\.otherImages)).count > 2)
        let judged = try data.read(.dev, types: .coarse).pictured
        #expect(judged.allSatisfy { $0.framings.isEmpty && $0.otherImages.isEmpty })
    }

    // MARK: Learning from them

    /// Posts of one name and two texts, which tell nothing: where it can be seen, the picture has a white half, left or right; else stripes.
    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        for (part, first, count) in [("train", 0, 16), ("dev", 16, 8)] {
            let lines = try (first..<first + count).map { number in
                let side = number % 4 < 2 ? number % 2 : nil
                try folder.write("posts/images/\(number).png", picture(white: side))
                let boxes = side.map { "[[\(28 * $0),0,\(28 * $0 + 28),28]]" } ?? "[]"
                return line(
                    number, number / 4 % 2 == 0 ? "#Kim smiles" : "#Kim sings", image: "\(number).png",
                    [triple(1, 4, boxes)])
            }
            try folder.write("posts/\(part).ndjson", Array(lines.joined(separator: "\n").utf8))
        }
        try TinyModel.write(ModelWriter(folder.file("tiny"), storage: .float32), seed: 5)
        return folder
    }

    private func picture(white side: Int?) throws -> [UInt8] {
        let pixels = (0..<28 * 56).flatMap { pixel in
            let isWhite = side.map { pixel % 56 / 28 == $0 } ?? (pixel / 56 / 7 % 2 == 0)
            return [UInt8](repeating: isWhite ? 250 : 20, count: 3)
        }
        return try PNGWriter.encode(width: 56, height: 28, rgb: pixels)
    }

    private func inputs(_ folder: DataFolder) -> TrainingInputs {
        var inputs = TrainingInputs()
        inputs[.pictured] = folder.file("posts")
        inputs[.tagger] = folder.file("tiny")
        return inputs
    }

    private func settings(epochs: Int) -> EvidenceSettings {
        var settings = EvidenceSettings()
        (settings.reader.width, settings.reader.heads, settings.reader.layers) = (16, 2, 1)
        (settings.rate, settings.dropout) = (1e-2, 0)
        (settings.loop.epochs, settings.loop.batch) = (epochs, 8)
        return settings
    }

    @Test func theyTeachSeeingByThemselves() throws {
        let folder = try folder()
        var settings = settings(epochs: 100)
        settings.variation.blanks = 0.4
        try EvidenceRecipe.prepare(settings, inputs(folder), at: RunPlace(folder.file("out"))).run()
        let pool = WorkerPool(workers: 1)
        let answers = try PicturedAnswers(
            EvidenceData(inputs(folder)), model: folder.file("out"), cache: folder.file("out/training"), pool: pool)
        var report = GroundingReport()
        try report.add(answers)
        let rows = Dictionary(uniqueKeysWithValues: report.rows.map { ($0.name, $0) })
        func share(_ row: String, _ name: String) throws -> Double {
            try #require(rows[row]?.shares.first { $0.name == name }).value
        }
        #expect(rows["gold: gate, with picture"]?.count == 8)
        #expect(try share("gold: gate, with picture", "auc") > 0.95)
        #expect(try share("gold: boxes of what is visible", "hits") > 0.7)
        // Half of the posts with each text can be seen: without its picture, none is told from another.
        #expect(try share("gold: gate, text alone", "auc") == 0.5)
        let lines = try #require(try ModelDirectory(folder.file("out")).configuration().grounding)
        #expect(lines.visible != Calibration() && lines.pictured != nil && lines.described == nil)
        // What shows nothing leaves the answer to the text. (Not so the lines: these pictures are told apart too well for any.)
        var configuration = try ModelDirectory(folder.file("out")).configuration()
        configuration.grounding?.visible = Calibration()
        configuration.grounding?.pictured = nil
        try ModelWriter(folder.file("out"), storage: .float32).write(json: configuration)
        let grounder = try Grounder(directory: folder.file("out"))
        let worker = try grounder.makeWorker()
        let cache = try PatchCache(folder.file("out/training/pictured.patches"))
        let post = try #require(try EvidenceData(inputs(folder)).read(.dev, types: .coarse).pictured.first)
        let reading = try worker.read([post.text])[0]
        func visible(_ image: String?) throws -> Float {
            return try #require(try worker.ground(reading, picture: image.flatMap(cache.features))[0].visible)
        }
        let alone = try visible(nil)
        func distance(_ images: [String]) throws -> Float {
            try images.map { abs(try visible($0) - alone) }.reduce(0, +) / Float(images.count)
        }
        #expect(try visible("images/16.png") > alone && visible("images/18.png") < alone)
        let (own, plain) = (try distance(["images/16.png", "images/18.png"]), try distance(BlankPicture.names))
        #expect(own > 0.3 && plain < own * 0.6, "\(own) \(plain)")
    }

    @Test func fewPostsAreShownMoreThanOnce() throws {
        let folder = try folder()
        var more = settings(epochs: 1)
        more.pictured.turns = 3
        #expect(
            EvidenceRun(settings: more).turns(of: try EvidenceData(inputs(folder)).read(.train, types: .coarse).all)
                .count
                == 48)
        var others = inputs(folder)
        (others[.data], others[.pictured]) = (folder.file("posts"), nil)
        let error = folder.error { _ = try EvidenceRecipe.prepare(more, others, at: RunPlace(folder.file("out"))) }
        #expect(error == "pictured: there are none without --pictured")
    }

    /// Labels are part of what a run is: a checkpoint of other ones is refused.
    @Test func aRunKnowsItsLabels() throws {
        let folder = try folder()
        func origin() throws -> String {
            let data = EvidenceData(inputs(folder))
            let stamp = try DataStamp("train", data.read(.train, types: .coarse).all) { $0.add(to: &$1) }
            return "\(stamp)"
        }
        let before = try origin()
        #expect(try origin() == before)
        let file = folder.file("posts/train.ndjson")
        let lines = String(decoding: try DataFile.read(file), as: UTF8.self)
        let other = lines.replacingOccurrences(of: "[[28,0,56,28]]", with: "[[28,0,55,28]]")
        try folder.write("posts/train.ndjson", Array(other.utf8))
        #expect(try origin() != before)
    }

    @Test func picturesOfOneNameAreNotTakenForEachOther() throws {
        let folder = try folder()
        func cache(_ name: String, of images: [String], in place: String) throws -> PatchCache {
            try PatchCache.open(
                folder.file(name), pictures: (images + BlankPicture.names).map { PictureView(image: $0) },
                in: folder.file(place), model: folder.file("tiny"), pool: WorkerPool(workers: 1))
        }
        let some = try cache("a", of: ["images/0.png"], in: "posts")
        let others = try cache("b", of: ["0.png", "1.png"], in: "posts/images")
        let all = try some.joined(with: others)
        #expect(["images/0.png", "0.png", "1.png", BlankPicture.names[0]].allSatisfy { all[$0] != nil })
        let error = folder.error { _ = try all.joined(with: cache("c", of: ["1.png"], in: "posts/images")) }
        #expect(error?.contains("two pictures from different folders go by the name 1.png") == true)
    }
}
