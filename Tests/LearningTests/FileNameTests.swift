import Foundation
import SystemPackage
import Testing
import Text

import Geometry
@testable import Corpora

/// Ids that are no names of files: every exporter writes every post into a file of its own, and nowhere else.
@Suite struct FileNameTests {
    static let ids = [
        "O_1", "a/b", "../x", "/etc/x", "..", ".", ".hidden", "", "a\u{0}b", "a", "annotation.conf", "annotation",
        "classes",
        "-rf", "a\\b", "%2Fx", "/x", "%", "50%", "a\u{1B}[2J", "a\u{202E}b", "\u{85}", "e\u{301}", "é", "e\u{301}/",
        "名前",
        "data", "x y", String(repeating: "é", count: 200), String(repeating: "é", count: 201),
        String(repeating: "/", count: 4000), "a~2", "CON",
    ]

    private func data() throws -> LabelledData {
        var data = LabelledData(posts: [])
        for (index, id) in Self.ids.enumerated() {
            var post = LabelledPost(id: id, text: "Post \(index)", line: index + 1)
            var entity = post.entity(words: 0..<1, type: "PER")
            entity.boxes = [PixelBox(x1: 0, y1: 0, x2: Float(index + 1), y2: 9)]
            entity.masks = [try #require(Mask(picture: ImageSize(width: 99, height: 9), runs: [index..<index + 1]))]
            post.entities = [entity]
            post.picture = ImageSize(width: 99, height: 9)
            data.posts.append(post)
        }
        return data
    }

    @Test(arguments: [ExportFormat.brat, .voc, .yolo])
    func ofEachPostOneFile(format: ExportFormat) throws {
        let data = try data()
        let folder = try DataFolder(["beside.txt": "untouched"])
        try format.write(format.files(for: data), to: folder.path.appending("out"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted() == ["beside.txt", "out"])
        let suffix = format == .voc ? ".xml" : ".txt"
        let out = folder.path.appending("out").pushing(format == .yolo ? "labels" : "")
        let names = try FileManager.default.contentsOfDirectory(atPath: out.string).filter { $0.hasSuffix(suffix) }
        #expect(names.count == Self.ids.count)
        #expect(names.allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("-") && $0.utf8.count < 210 })
        #expect(names.contains("O_1" + suffix) && names.contains("a%2Fb" + suffix) && names.contains("名前" + suffix))
        #expect(format != .yolo || !names.contains("classes.txt"))
        let contents = try names.map { try String(contentsOfFile: out.appending($0).string, encoding: .utf8) }
        #expect(Set(contents).count == Self.ids.count)
    }

    /// What is written as boxes and masks of a post is read as hers again.
    @Test(arguments: [ExportFormat.gmner, .smner])
    func filesFindTheirPostsAgain(format: ExportFormat) throws {
        var data = try data()
        data.posts.removeAll { $0.id.isEmpty || $0.id.contains(where: \.isWhitespace) }
        let folder = try DataFolder()
        try format.write(format.files(for: data), to: folder.path)
        var read = try CoNLLReader().read(folder.file("txt").appending("data.txt"))
        if format == .gmner {
            try read.addBoxes(from: folder.file("xml"))
        } else {
            try read.addMasks(from: folder.file("masks"))
        }
        #expect(read.posts.map(\.id.exact) == data.posts.map(\.id.exact))
        for (post, old) in zip(read.posts, data.posts) {
            if format == .gmner {
                #expect(post.entities.first?.boxes == old.entities.first?.boxes, "\(post.id)")
            } else {
                #expect(post.entities.first?.masks == old.entities.first?.masks, "\(post.id)")
            }
        }
    }

    /// Where only one of two such posts has a file, it is not taken for the other's.
    @Test func theFileOfAnotherIdIsNotTaken() throws {
        let folder = try DataFolder(["%2Fx.xml": "", "a": "", "a.xml": "", "50%.xml": "", "plain.xml": ""])
        func name(_ id: String) -> String? { DataFile.path(folder.path, id: id, suffix: ".xml")?.lastComponent?.string }
        #expect(name("/x") == "%2Fx.xml" && name("%2Fx") == nil && name("a\u{0}b") == nil && name("a\u{0}") == nil)
        #expect(name("50%") == "50%.xml" && name("plain") == "plain.xml" && name("../plain") == nil && name("") == nil)
    }

    @Test func longIdsOfTheSameChecksumHaveTwoNames() {
        let start = String(repeating: "a", count: 300)
        var data = LabelledData(posts: [])
        for id in [start + "1", start + "2", FileName.of(start + "1")] {
            data.posts.append(LabelledPost(id: id, text: "x"))
        }
        let names = FileNames(data)
        #expect(Set(data.posts.map { names.file("", $0, "", "").name }).count == 3)
        #expect(FileName.of(start + "1") == FileName.of(start + "1"))
    }
}
