import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Wire
@testable import Corpora
@testable import Randomness
@testable import Geometry

/// A VOC file of a 600×300 picture.
private func voc(_ objects: [(name: String, box: [String])], head: String = "", size: Bool = true) -> String {
    let size = size ? "<size><width>600</width><height>300</height><depth>3</depth></size>" : ""
    let objects = objects.map { object in
        let edges = zip(["xmin", "ymin", "xmax", "ymax"], object.box).map { "<\($0)>\($1)</\($0)>" }.joined()
        return "<object>\n<name>\(object.name)</name><bndbox>\(edges)</bndbox></object>"
    }
    return
        "\(head)<annotation>\n<path>D:\\研究生\\图片 \\1.jpg</path>\n\(size)\n\(objects.joined(separator: "\n"))\n</annotation>\n"
}

@Suite("Boxes and masks beside the texts")
struct BoxAndMaskReaderTests {
    private let text = """
        IMGID:1
        Data\tB-OTHER
        &amp\tI-OTHER
        ;\tI-OTHER
        Bo\tB-PER
        and\tO
        Bo\tB-LOC

        IMGID:2
        Bo\tB-PER

        IMGID:../3
        Bo\tB-PER
        """

    @Test func boxesGoToEntitiesByName() throws {
        let objects = [
            (name: "Data &amp;amp ;", box: ["1", "2", "30", "40"]), (name: "Bo", box: ["5", "5", "10", "10"]),
            (name: "Bo", box: ["20", "8", "12", "4.5"]), (name: "bo", box: ["1", "1", "2", "2"]),
        ]
        let folder = try DataFolder(["txt/a.txt": text, "xml/1.xml": voc(objects)])
        let data = try DataSource(folder.file("txt/a.txt")).read()
        let first = data.posts[0]
        #expect(first.picture == ImageSize(width: 600, height: 300))
        #expect(first.entities[0].boxes == [PixelBox(x1: 1, y1: 2, x2: 30, y2: 40)])
        // The same name twice, of two types: both have both boxes. Corners come in order.
        let both = [PixelBox(x1: 5, y1: 5, x2: 10, y2: 10), PixelBox(x1: 12, y1: 4.5, x2: 20, y2: 8)]
        #expect(first.entities[1].boxes == both && first.entities[2].boxes == both)
        // No file: nothing to see. An id that leads out of the folder has no file either.
        #expect(data.posts[1].entities[0].boxes == [])
        #expect(data.posts[2].entities[0].boxes == [])
        // Names are compared with case.
        #expect(data.notes.map(\.message) == ["“bo” names no entity of the post"])
        #expect(data.notes[0].line == 10 && data.notes[0].path.hasSuffix("1.xml"))
    }

    @Test func withoutFolderNobodyLooked() throws {
        let folder = try DataFolder(["a/a.txt": text])
        #expect(try DataSource(folder.file("a/a.txt")).read().posts[0].entities[0].boxes == nil)
        var source = DataSource(folder.file("a/a.txt"))
        source.boxes = folder.file("none")
        #expect(folder.error { _ = try source.read() } == "none: no such folder of boxes")
    }

    @Test(arguments: [
        (
            voc([(name: "Bo", box: ["1", "1", "601", "2"])]),
            "1.xml:5: “Bo”: box 1.0,1.0,601.0,2.0 leaves its picture of 600×300"
        ),
        (voc([(name: "Bo", box: ["1", "1", "1", "2"])]), "1.xml:5: “Bo”: box 1.0,1.0,1.0,2.0 is empty"),
        (voc([(name: "Bo", box: ["1", "nan", "3", "2"])]), "1.xml:5: “Bo”: box 1.0,nan,3.0,2.0 is not finite"),
        (
            voc([(name: "Bo", box: ["1", "x", "3", "2"])]),
            "1.xml:5: <bndbox> of “Bo” without xmin, ymin, xmax and ymax in numbers"
        ),
        (voc([(name: " ", box: ["1", "1", "3", "2"])]), "1.xml:4: <object> without a <name>"),
        ("<annotation>\n<object><name>Bo</name></object></annotation>", "1.xml:2: “Bo” without a <bndbox>"),
        (
            "<annotation><size><width>0</width></size></annotation>",
            "1.xml:1: <size> without a width and a height in 1...16777216"
        ),
        ("<html></html>", "1.xml:1: <html>, not <annotation>"),
        ("", "1.xml:1: no element"),
        ("<annotation>\n<a>", "1.xml:2: <a> of line 2 is not closed"),
        ("<annotation>\n</b></annotation>", "1.xml:2: an end tag that does not close <annotation> of line 1"),
        ("<annotation>&bomb;</annotation>", "1.xml:1: unknown reference &bomb;"),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><annotation/>", "1.xml:1: a document type with declarations"),
        ("<annotation/>x", "1.xml:1: something stands behind the root element"),
        ("<annotation/><annotation/>", "1.xml:1: something stands behind the root element"),
        ("<!-- ", "1.xml:1: a comment is not closed"),
        (String(repeating: "<a>", count: 10_000), "1.xml:1: nested deeper than 64"),
        ("x<annotation/>", "1.xml:1: no element"),
        ("<annotation>\n<![CDATA[ </annotation>", "1.xml:2: <annotation> of line 1 is not closed"),
        ("<annotation>\n\n\u{1}</annotation>", "1.xml:3: a character that XML does not have"),
        ("<annotation>\u{0}</annotation>", "1.xml:1: not UTF-8"),
        ("<annotation>\n<?b", "1.xml:2: a processing instruction is not closed"),
        ("\n<!DOCTYPE a", "1.xml:2: <!DOCTYPE is not closed"),
        ("<annotation>\n<<?x?>?b?></annotation>", "1.xml:2: no XML (error 68 of libxml2)"),
        ("<annotation a=b/>", "1.xml:1: no XML (error 39 of libxml2)"),
    ])
    func faultsOfXMLNameFileAndLine(_ xml: String, _ message: String) throws {
        let folder = try DataFolder(["1.xml": xml])
        #expect(folder.error { _ = try VOCAnnotation(contentsOf: folder.file("1.xml")) } == message)
    }

    @Test func whatToolsWriteAroundElementsIsPassedOver() throws {
        let head = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE annotation>\n<!-- <a> -->"
        let xml = voc([(name: "<![CDATA[A & B]]> &#67;&#x44;", box: ["1", "2", "3", "4"])], head: head, size: false)
            .replacingOccurrences(of: "<annotation>", with: "<annotation a='>' b=\"/>\"><empty/>")
        let folder = try DataFolder(["1.xml": xml])
        let annotation = try VOCAnnotation(contentsOf: folder.file("1.xml"))
        #expect(annotation.picture == nil)
        #expect(annotation.objects.map(\.name) == ["A & B CD"])
    }

    @Test(
        "Neither entities nor other files get into a document",
        arguments: [
            "<!ENTITY b SYSTEM \"file://PIPE\">", "<!ENTITY % b SYSTEM \"file://PIPE\"> %b;",
            "<!NOTATION n PUBLIC \"x\">",
            "<!ATTLIST annotation b CDATA #IMPLIED>",
            "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">",
        ])
    func declarations(declaration: String) throws {
        let folder = try DataFolder(["0.xml": ""])
        let pipe = folder.file("pipe")
        // Whoever opened it would wait.
        #expect(mkfifo(pipe.string, 0o600) == 0)
        let text = declaration.replacingOccurrences(of: "PIPE", with: pipe.string)
        let file = try folder.write("1.xml", Array("<!DOCTYPE annotation [\(text)]><annotation>&b;</annotation>".utf8))
        #expect(
            folder.error { _ = try VOCAnnotation(contentsOf: file) } == "1.xml:1: a document type with declarations")
        let outside = "<!DOCTYPE annotation SYSTEM \"file://\(pipe)\"><annotation/>"
        #expect(try VOCAnnotation(contentsOf: folder.write("2.xml", Array(outside.utf8))).objects.isEmpty)
    }

    @Test("What a document says about its encoding, and instructions of any kind, change nothing")
    func instructions() throws {
        let head = "<?xml version=\"1.0\" encoding=\"utf-7\"?>\n<?b?><!-- <?c?> -->"
        let xml = voc([(name: "+ADw-<?d?>Bo", box: ["1", "2", "3", "4"])], head: head)
        let folder = try DataFolder(["1.xml": xml])
        let object = try VOCAnnotation(contentsOf: folder.file("1.xml")).objects[0]
        #expect(object.name == "+ADw- Bo" && object.line == 5)
    }

    @Test func mutatedXMLGivesAnErrorOrBoxes() throws {
        let original = Array(
            voc([(name: "Bo &amp; Co", box: ["1", "2", "3", "4"])], head: "<?xml?><!-- c --><?d?>").utf8)
        let folder = try DataFolder()
        var random = SeededGenerator(seed: 5)
        var refused = 0
        for _ in 0..<500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.removeSubrange(place..<min(bytes.count, place + 9))
                }
            }
            let file = try folder.write("1.xml", bytes)
            if folder.error({ _ = try VOCAnnotation(contentsOf: file) }) != nil { refused += 1 }
        }
        #expect(refused > 50 && refused < 500)
    }

    /// What labelling tools write that have not seen the picture, and where there is nothing to see.
    @Test func sizesAndBoxesOfZeros() throws {
        let head = "<annotation><size><width>0</width><height>0</height><depth>3</depth></size>"
        let objects = [["1", "2", "30", "40"], ["0", "0", "0", "0"]].map { box in
            let edges = zip(["xmin", "ymin", "xmax", "ymax"], box).map { "<\($0)>\($1)</\($0)>" }.joined()
            return "<object><name>Bo</name><bndbox>\(edges)</bndbox></object>"
        }
        let folder = try DataFolder(["1.xml": head + objects.joined() + "</annotation>"])
        let annotation = try VOCAnnotation(contentsOf: folder.file("1.xml"))
        #expect(annotation.picture == nil)
        #expect(annotation.objects.map(\.box) == [PixelBox(x1: 1, y1: 2, x2: 30, y2: 40)])
    }

    // MARK: Masks

    /// LabelMe's shapes that are areas; it writes "mask": null into each.
    @Test(arguments: [
        (#""shape_type":"polygon","points":[[1,1],[4,1],[4,3],[1,3]],"mask":null"#, 6),
        (#""shape_type":"rectangle","points":[[4,3],[1,1]],"mask":null"#, 6),
        (#""points":[[1,1],[4,1],[4,3],[1,3]]"#, 6),
        (#""shape_type":"circle","points":[[3,2],[3,3.2]]"#, 4),
        (#""shape_type":null,"mask":{"size":[4,6],"counts":[0,2,22]},"points":[[0,0],[1,1]]"#, 2),
    ]) func shapesOfLabelMe(shape: String, area: Int) throws {
        let folder = try DataFolder([
            "1.json": #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"Bo",\#(shape)}]}"#
        ])
        #expect(try MaskAnnotation(contentsOf: folder.file("1.json")).objects.map(\.mask.area) == [area])
    }

    @Test func masksGoToEntitiesByName() throws {
        let labelme = """
            {"imageWidth":6,"imageHeight":4,"shapes":[
            {"label":"Bo","points":[[1,1],[4,1],[4,3],[1,3]]},
            {"label":"Bo","mask":{"size":[4,6],"counts":[0,2,22]}},
            {"label":"nobody","points":[[0,0],[1,0],[1,1]]}]}
            """
        let isat = """
            {"info":{"width":6,"height":4},"objects":[{"category":"__background__","segmentation":[]},
            {"category":"Bo","segmentation":[[0,0],[6,0],[6,4],[0,4]]}]}
            """
        let folder = try DataFolder(["txt/a.txt": text, "masks/1.json": labelme, "masks/2.json": isat])
        var source = DataSource(folder.file("txt/a.txt"), format: .smner)
        source.masks = folder.file("masks")
        let data = try source.read()
        let masks = try #require(data.posts[0].entities[1].masks)
        #expect(masks.map(\.area) == [6, 2])
        #expect(masks[0].runs == [5..<7, 9..<11, 13..<15])
        #expect(masks[0].box == PixelBox(x1: 1, y1: 1, x2: 4, y2: 3))
        #expect(data.posts[0].entities[0].masks == [])
        #expect(data.posts[1].entities[0].masks?.map(\.area) == [24])
        #expect(data.posts[2].entities[0].masks == [])
        #expect(data.notes.map(\.message) == ["masks that name no entity, left out: 1"])
    }

    @Test(arguments: [
        ("{", "1.json:1: unexpected end"), ("[]", "1.json: no width and height of the picture in 1...16777216"),
        (#"{"imageWidth":6,"imageHeight":4}"#, "1.json: no list of “shapes” or “objects”"),
        (#"{"imageWidth":6,"imageHeight":4,"shapes":[{"points":[]}]}"#, "1.json: mask 1 has no label"),
        (
            #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"a","points":[[1,1],[2,2]]}]}"#,
            "1.json: mask 1, “a”, is no polygon"
        ),
        (
            #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"a","mask":{"size":[6,4],"counts":[24]}}]}"#,
            "1.json: mask 1, “a”,"
        ),
        (
            #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"a","mask":{"size":[4,6],"counts":[23]}}]}"#,
            "1.json: mask 1, “a”,"
        ),
        (
            #"{"imageWidth":99999999999,"imageHeight":99999999999,"shapes":[{"label":"a","points":[1,1,2,2,3,1]}]}"#,
            "1.json: no width and height of the picture"
        ),
        (
            #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"a","points":[[1e308,1],[-1e308,2],[1e308,-1e308]]}]}"#,
            "1.json: mask 1"
        ),
    ])
    func faultsOfMasksAreNamed(_ json: String, _ message: String) throws {
        let folder = try DataFolder(["1.json": json])
        let error = folder.error { _ = try MaskAnnotation(contentsOf: folder.file("1.json")) }
        #expect(error?.hasPrefix(message) == true, "\(error ?? "none")")
    }

    @Test func maskArithmetic() throws {
        let picture = ImageSize(width: 10, height: 10)
        let square = try #require(
            Mask(picture: picture, polygon: [(x: 0, y: 0), (x: 4, y: 0), (x: 4, y: 4), (x: 0, y: 4)]))
        let shifted = try #require(
            Mask(picture: picture, polygon: [(x: 2, y: 0), (x: 6, y: 0), (x: 6, y: 4), (x: 2, y: 4)]))
        #expect(square.intersectionOverUnion(shifted) == 8.0 / 24)
        #expect(square.intersectionOverUnion(square) == 1)
        #expect(square.counts == [0, 4, 6, 4, 6, 4, 6, 4, 66])
        #expect(Mask(picture: picture, counts: square.counts) == square)
        #expect(Mask(picture: picture, runs: [])?.counts == [100])
        #expect(Mask(picture: picture, runs: [])?.box == nil)
        #expect(Mask(picture: picture, runs: [0..<101]) == nil)
        // A polygon that crosses itself, by the even-odd rule; one outside of the picture.
        let star = try #require(
            Mask(picture: picture, polygon: [(x: 0, y: 0), (x: 8, y: 8), (x: 8, y: 0), (x: 0, y: 8)]))
        #expect(star.area > 20 && star.area < 44)
        #expect(Mask(picture: picture, polygon: [(x: 20, y: 20), (x: 30, y: 20), (x: 30, y: 30)])?.area == 0)
    }

    /// Strings of COCO's compressed run lengths, as pycocotools 2.0.11 writes them for these masks.
    @Test(arguments: [
        ("c03600000e1", 12, 9, [19, 3, 6, 3, 6, 3, 6, 3, 59]),
        ("[6k0=00000h>VOg81bD", 50, 40, [203, 27, 13, 27, 13, 27, 13, 27, 485, 1, 764, 2, 398]),
    ])
    func compressedRunLengths(_ text: String, _ width: Int, _ height: Int, _ counts: [Int]) throws {
        let mask = #"{"label":"a","mask":{"size":[\#(height),\#(width)],"counts":"\#(text)"}}"#
        let json = #"{"imageWidth":\#(width),"imageHeight":\#(height),"shapes":[\#(mask)]}"#
        let folder = try DataFolder(["1.json": json])
        #expect(try MaskAnnotation(contentsOf: folder.file("1.json")).objects[0].mask.counts == counts)
    }
}
