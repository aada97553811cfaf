import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Text
@testable import Wire
@testable import Geometry
@testable import Corpora
@testable import JSON

@Suite("Exports")
struct ExportTests {
    private let picture = ImageSize(width: 200, height: 100)

    /// Two posts: one with a pictograph in front, two boxes and a mask; one with nothing to see.
    private func posts() throws -> LabelledData {
        var first = LabelledPost(id: "O_1", words: ["👍🏽", "Zoë", "&", "Bo", "x"])
        first.picture = picture
        var zoe = LabelledEntity(words: 1..<4, scalars: 3..<11, name: "Zoë & Bo", type: "PER")
        zoe.boxes = [PixelBox(x1: 20, y1: 10, x2: 120, y2: 60), PixelBox(x1: 0, y1: 0, x2: 200, y2: 100)]
        zoe.masks = [try #require(Mask(picture: picture, runs: [0..<50, 100..<150]))]
        zoe.fineType = "actor"
        first.entities = [zoe]
        var second = LabelledPost(id: "2", words: ["MISC"])
        var other = LabelledEntity(words: 0..<1, scalars: 0..<4, name: "MISC", type: "OTHER")
        other.boxes = []
        other.masks = []
        other.fineType = "award"
        second.entities = [other]
        return LabelledData(posts: [first, second], inventory: .coarse)
    }

    private func text(_ format: ExportFormat, _ name: String = "", _ data: LabelledData? = nil) throws -> String {
        let files = try format.files(for: data ?? posts())
        let file = try #require(files.first { $0.name == name }, "\(files.map(\.name))")
        return String(decoding: file.contents, as: UTF8.self)
    }

    private func json(_ format: ExportFormat, _ data: LabelledData? = nil) throws -> JSONValue {
        try JSONValue(parsing: Array(text(format, "", data).utf8))
    }

    // MARK: Formats that are read as well

    @Test(arguments: [ExportFormat.gmner, .ndjson, .smner, .conll, .twitter2015])
    func whatIsWrittenIsReadBack(_ format: ExportFormat) throws {
        let data = try posts()
        let folder = try DataFolder()
        try format.write(format.files(for: data), to: format.isFolder ? folder.path : folder.file("a.ndjson"))
        var source = DataSource(format.isFolder ? folder.file("txt/data.txt") : folder.file("a.ndjson"))
        source.format = DataFormat(rawValue: format.rawValue)
        if format == .smner { source.masks = folder.file("masks") }
        let read = try source.read()
        #expect(read.posts.map(\.id) == data.posts.map(\.id))
        #expect(read.posts.map(\.words) == data.posts.map(\.words))
        for (post, original) in zip(read.posts, data.posts) {
            for (entity, written) in zip(post.entities, original.entities) {
                #expect(
                    entity.short == written.short && entity.scalars == written.scalars && entity.name == written.name)
                if format == .gmner || format == .ndjson { #expect(entity.boxes == written.boxes) }
                if format == .smner || format == .ndjson { #expect(entity.masks == written.masks) }
                if format == .ndjson { #expect(entity.fineType == written.fineType) }
            }
        }
        #expect(read.notes.isEmpty)
    }

    @Test func typesAreSpelledAsTheFormatDoes() throws {
        #expect(try text(.twitter2017).hasSuffix("IMGID:2\nMISC\tB-MISC\n\n"))
        #expect(try text(.twitter2015).hasSuffix("IMGID:2\nMISC\tB-OTHER\n\n"))
        var data = try posts()
        data.posts[0].entities[0].type = "person"
        data.posts[1].entities[0].type = "other"
        let fine = try text(.fmnerg, "txt/data.txt", data)
        #expect(fine.contains("👍🏽\tO\tO\nZoë\tB-person\tB-actor\n&\tI-person\tI-actor\n"))
    }

    @Test func ccksHasNamesAndOneBox() throws {
        let entity = try json(.ccks)["O_1"]?.elements?.first
        #expect(entity?["name"] == .string("Zoë & Bo") && entity?["bnd"]?["xmax"] == .number("120"))
        #expect(try json(.ccks)["2"]?.elements?.first?["bnd"] == .null)
    }

    @Test func tokensAreLeftOutWhereTheyCannotBeFoundAgain() throws {
        var data = LabelledData(posts: [LabelledPost(id: "1", text: "a\u{200B}b")])
        #expect(try !text(.ndjson, "", data).contains("tokens"))
        data.posts = [LabelledPost(id: "1", text: "a-b c")]
        #expect(try text(.ndjson, "", data) == #"{"id":"1","text":"a-b c","tokens":["a-b","c"],"triples":[]}"# + "\n")
    }

    // MARK: Formats of other tools

    @Test func cocoCountsXYWidthHeight() throws {
        let coco = try json(.coco)
        #expect(coco["images"]?.elements?.map { $0["id"]?.integer } == [2, 1])
        #expect(coco["categories"]?.elements?.map { $0["name"]?.string } == ["PER", "LOC", "ORG", "OTHER"])
        // The mask, where there is one, with its own box.
        let annotation = try #require(coco["annotations"]?.elements?.first)
        #expect(annotation["image_id"]?.integer == 2 && annotation["area"]?.integer == 100)
        #expect(annotation["segmentation"]?["size"] == .array([.number("100"), .number("200")]))
        var data = try posts()
        data.posts[0].entities[0].masks = nil
        let boxes = try json(.coco, data)["annotations"]?.elements?.compactMap { $0["bbox"]?.elements?.map(\.double) }
        #expect(boxes == [[20, 10, 100, 50], [0, 0, 200, 100]])
        let results = try #require(json(.cocoResults).elements)
        #expect(results.map { $0["score"] } == [.number("1"), .number("1")])
        #expect(results[0]["bbox"] == .array(["20", "10", "100", "50"].map(JSONValue.number)))
    }

    @Test func cocoNumbersDoNotDependOnOrder() throws {
        var data = try posts()
        data.posts.reverse()
        #expect(try json(.cocoResults, data) == json(.cocoResults))
    }

    @Test func vocCountsPixelsFromOneAndNamesTypes() throws {
        let voc = try text(.voc, "O_1.xml")
        #expect(voc.contains("<name>PER</name>"))
        #expect(voc.contains("<xmin>21</xmin>") && voc.contains("<ymin>11</ymin>") && voc.contains("<xmax>120</xmax>"))
        #expect(try ExportFormat.voc.files(for: posts()).count == 1)
        #expect(try text(.gmner, "xml/O_1.xml").contains("<name>Zoë &amp; Bo</name>"))
    }

    @Test func vocBoxesKeepAPixel() throws {
        var data = try posts()
        data.posts[0].entities[0].boxes = [PixelBox(x1: 199.6, y1: 99.7, x2: 200, y2: 100)]
        let voc = try text(.gmner, "xml/O_1.xml", data)
        #expect(voc.contains("<xmin>199</xmin>") && voc.contains("<xmax>200</xmax>") && voc.contains("<ymin>99</ymin>"))
    }

    @Test func bratCountsCodePoints() throws {
        #expect(try text(.brat, "O_1.txt") == "👍🏽 Zoë & Bo x")
        #expect(
            try text(.brat, "O_1.ann")
                == "T1\tPER 3 11\tZoë & Bo\n#1\tAnnotatorNotes T1\tbox 20.0 10.0 120.0 60.0\n#2\tAnnotatorNotes T1\tbox 0.0 0.0 200.0 100.0\n"
        )
        #expect(try text(.brat, "annotation.conf").hasPrefix("[entities]\nPER\nLOC\n"))
    }

    @Test func bratWritesEntitiesAcrossLinesInParts() throws {
        var post = LabelledPost(id: "1", text: "New\n\nYork x")
        post.entities = [LabelledEntity(words: 0..<2, scalars: 0..<9, name: "New\n\nYork", type: "LOC")]
        #expect(try text(.brat, "1.ann", LabelledData(posts: [post])) == "T1\tLOC 0 3;5 9\tNew York\n")
    }

    @Test func displaCyHasEntitiesInOrder() throws {
        var data = try posts()
        data.posts[0].entities.insert(LabelledEntity(words: 4..<5, scalars: 12..<13, name: "x", type: "LOC"), at: 0)
        let document = try #require(json(.displacy, data).elements?.first)
        #expect(document["ents"]?.elements?.map { $0["start"]?.integer } == [3, 12])
        #expect(document["title"] == .string("O_1"))
    }

    @Test func labelStudioCountsPercent() throws {
        let task = try #require(json(.labelStudio).elements?.first)
        let results = try #require(task["predictions"]?.elements?.first?["result"]?.elements)
        #expect(
            results.map { $0["type"]?.string } == [
                "labels", "rectanglelabels", "relation", "rectanglelabels", "relation",
            ])
        #expect(results[0]["value"]?["start"]?.integer == 3)
        let value = try #require(results[1]["value"])
        #expect(["x", "y", "width", "height"].map { value[$0]?.double } == [10, 10, 50, 50])
        #expect(results[1]["original_width"]?.integer == 200)
        var data = try posts()
        data.posts[0].entities[0].score = 0.5
        #expect(
            try json(.labelStudio, data).elements?.first?["predictions"]?.elements?.first?["score"] == .number("0.5"))
    }

    /// A post in which a model found nothing is not one that somebody has labelled.
    @Test func labelStudioHasPredictionsOnly() throws {
        var data = try posts()
        data.posts[1].entities = []
        let tasks = try #require(json(.labelStudio, data).elements)
        #expect(tasks.allSatisfy { $0["annotations"] == nil && $0["predictions"]?.elements?.count == 1 })
        #expect(tasks.allSatisfy { $0["data"]?["image"] == .string("") })
    }

    @Test func labelStudioFindsPicturesByURL() throws {
        var project = LabelStudioProject()
        #expect(project.location("a b/é.jpg") == "a b/é.jpg")
        project.picturePrefix = "/data/local-files/?d=p/"
        #expect(project.location("a b/é&50%.jpg") == "/data/local-files/?d=p/a%20b/%C3%A9%2650%25.jpg")
        for url in ["https://x/y z.jpg", "s3://b/k", "data:image/png;base64,AA"] {
            #expect(project.location(url) == url)
        }
    }

    @Test func labelStudioIsConfiguredForTheData() throws {
        var project = LabelStudioProject()
        project.labels = "a\"b"
        var data = try posts()
        data.inventory = nil
        data.posts[0].entities[0].type = "<x>"
        func configuration() -> String { String(decoding: project.configuration(for: data).contents, as: UTF8.self) }
        #expect(
            configuration() == """
                <View>
                  <Labels name="a&quot;b" toName="text">
                    <Label value="&lt;x&gt;"/>
                    <Label value="OTHER"/>
                  </Labels>
                  <Text name="text" value="$text"/>
                  <RectangleLabels name="box" toName="image">
                    <Label value="&lt;x&gt;"/>
                    <Label value="OTHER"/>
                  </RectangleLabels>
                  <Image name="image" value="$image"/>
                </View>

                """)
        data.posts[0].picture = nil
        #expect(!configuration().contains("Image"))
    }

    @Test(arguments: [ExportFormat.coco, .voc, .gmner, .smner, .labelStudio])
    func picturesAreNamedWhereTheirNamesAreKnown(_ format: ExportFormat) throws {
        var data = try posts()
        func contents() throws -> String {
            try format.files(for: data).map { String(decoding: $0.contents, as: UTF8.self) }.joined()
        }
        #expect(try !contents().contains(".jpg"))
        data.posts[0].image = "p/Zoë.jpg"
        #expect(try contents().contains("p/Zoë.jpg"))
    }

    @Test func cocoKnowsTheSizeOfAMask() throws {
        var data = try posts()
        data.posts[0].picture = nil
        #expect(try json(.coco, data)["images"]?.elements?.first?["height"]?.integer == 100)
    }

    @Test func yoloCountsSharesFromTheCentre() throws {
        #expect(
            try text(.yolo, "labels/O_1.txt")
                == "0 0.350000 0.350000 0.500000 0.500000\n0 0.500000 0.500000 1.000000 1.000000\n")
        #expect(try text(.yolo, "labels/2.txt").isEmpty)
        #expect(try text(.yolo, "classes.txt") == "PER\nLOC\nORG\nOTHER\n")
        #expect(
            try text(.yolo, "data.yaml")
                == #"train: images|val: images|names:|  0: "PER"|  1: "LOC"|  2: "ORG"|  3: "OTHER"|"#
                .replacingOccurrences(of: "|", with: "\n"))
    }

    @Test(arguments: [
        (["p/a.jpg", "p/b.x.png"], ["a", "b.x"]),
        (["/d/p/a.jpg", "/d/q/a.jpg", "/d/a"], ["p/a", "q/a", "a"]),
        (["a.jpg", "a.png", nil, "A.jpg"], ["a", "a~2", "id3", "A"]),
        (["id2.jpg", nil], ["id2", "id2~2"]),
        (["./a.jpg", "../b.jpg", "x/../c.jpg"], ["a", "%2E./b", "x/%2E./c"]),
        (["classes.txt", ".hidden", "a\u{1B}.jpg", "50%.jpg"], ["%63lasses", ".hidden", "a%1B", "50%"]),
        (["https://x.org/p/a.jpg?w=1#f", "data:image/png;base64,AA/A", "https://x.org"], ["a", "id2", "id3"]),
        (["same.jpg", "same.jpg"], ["same"]),
    ])
    func yoloLabelsHaveTheNamesOfTheirPictures(_ images: [String?], _ names: [String]) throws {
        var data = LabelledData(posts: [])
        for (index, image) in images.enumerated() {
            var post = LabelledPost(id: "id\(index + 1)", words: ["x"])
            post.image = image
            data.posts.append(post)
        }
        let labels = try ExportFormat.yolo.files(for: data).map(\.name).filter { $0.hasPrefix("labels/") }
        #expect(labels == names.map { "labels/\($0).txt" })
    }

    @Test func postsThatShareAPictureShareItsLabels() throws {
        var data = try posts()
        for index in 0..<2 {
            data.posts[index].image = "p.jpg"
            data.posts[index].picture = picture
        }
        data.posts[1].entities[0].boxes = [PixelBox(x1: 0, y1: 0, x2: 20, y2: 10)]
        #expect(try text(.yolo, "labels/p.txt", data).hasSuffix("\n3 0.050000 0.050000 0.100000 0.100000\n"))
        #expect(try text(.yolo, "labels/p.txt", data).split(separator: "\n").count == 3)
    }

    // MARK: What does not fit

    @Test func whatAFormatHasNoRoomForIsNamed() throws {
        func message(_ format: ExportFormat, _ change: (inout LabelledData) -> Void) throws -> String? {
            var data = try posts()
            change(&data)
            do throws(DataError) {
                _ = try format.files(for: data)
                return nil
            } catch { return error.description }
        }
        #expect(
            try message(.twitter2015) { $0.posts[1].entities[0].type = "CITY" }
                == "post 2: the format has no type CITY, only PER LOC ORG OTHER")
        #expect(
            try message(.conll) { $0.posts[0].words[0] = "a\tb" }
                == "post O_1: the word “a\tb” is empty, or holds a tab or a line break")
        #expect(try message(.conll) { $0.posts[0].id = "a\nb" } == "post a\nb: the id holds white space")
        #expect(
            try message(.fmnerg) {
                for index in 0..<2 { $0.posts[index].entities[0].type = "person" }
                $0.posts[1].entities[0].fineType = nil
            } == "post 2: “MISC” has no fine type")
        #expect(try message(.yolo) { $0.posts[0].picture = nil } == "post O_1: the size of its picture is not known")
        #expect(
            try message(.yolo) { $0.posts[0].entities[0].type = "a\nb" } == "post O_1: a type of several lines: “a\nb”")
        #expect(
            try message(.brat) { $0.posts[0].entities[0].type = "a b" } == "post O_1: brat cannot name a type “a b”")
        #expect(
            try message(.displacy) { $0.posts[1].isTextKnown = false }?.hasPrefix("post 2: its text is not known")
                == true)
    }

    @Test func textsComeFromThePostsThatWereFed() throws {
        let folder = try DataFolder([
            "answers.ndjson": #"{"id":"1","triples":[{"entity":"Bo","type":"PER","start":4,"end":6,"box":null}]}"#,
            "posts.ndjson": #"{"id":"1","text":"Hi, Bo!","image":"p.png"}"#,
            "others.ndjson": #"{"id":"1","text":"Hi, Al!"}"#,
        ])
        var data = try NDJSONReader().read(folder.file("answers.ndjson"))
        let posts = folder.file("posts.ndjson")
        let others = folder.file("others.ndjson")
        let message = folder.error {
            var copy = data
            try copy.addTexts(from: NDJSONReader().read(others), path: others)
        }
        #expect(message == "others.ndjson:1: post 1 has no “Bo” at 4..<6")
        try data.addTexts(from: NDJSONReader().read(posts), path: posts)
        #expect(data.posts[0].words == ["Hi", ",", "Bo", "!"] && data.posts[0].entities[0].words == 2..<3)
        #expect(try text(.conll, "", data) == "IMGID:1\nHi\tO\n,\tO\nBo\tB-PER\n!\tO\n\n")
        #expect(data.posts[0].image == "p.png")
    }

    @Test func filesThatCannotBeWrittenAreNamed() throws {
        let folder = try DataFolder(["file": ""])
        let files = try ExportFormat.conll.files(for: posts())
        let message = folder.error { try ExportFormat.conll.write(files, to: folder.file("file/x.txt")) }
        #expect(message?.hasPrefix("file: cannot be made") == true, "\(message ?? "")")
        #expect(folder.error { try ExportFormat.conll.write(files, to: folder.path) }?.hasSuffix("directory") == true)
        #expect(throws: DataError.self) { try ExportFormat.voc.write([], to: "-") }
    }
}
