import Corpora
import Scoring
import Testing

@testable import Learning

/// Ids, types and names that Unicode calls equivalent are what their bytes are, wherever posts are read, joined and counted.
@Suite struct ExactIdentityTests {
    private let one = "caf\u{E9}"
    private let other = "cafe\u{301}"

    private func posts(_ types: (String, String)) -> String {
        [(one, types.0), (other, types.1)].map { id, type in
            #"{"id":"\#(id)","text":"\#(id) x","triples":[{"start":0,"end":4,"type":"\#(type)","box":[0,0,1,1]}]}"#
        }.joined(separator: "\n")
    }

    @Test func postsOfSuchIDsAreTwo() throws {
        let folder = try DataFolder([
            "gold.ndjson": posts((one, other)), "said.ndjson": posts((one, one)),
            "gold.txt": "IMGID:\(one)\na\tB-\(one)\nb\tI-\(other)\n\nIMGID:\(other)\nc\tO\n",
            "knowledge.ndjson": #"{"id":"\#(one)","knowledge":"1"}"# + "\n" + #"{"id":"\#(other)","knowledge":"2"}"#,
        ])
        let gold = try DataSource(folder.file("gold.ndjson")).read()
        #expect(gold.posts.map(\.id.utf8.count) == [5, 6])
        #expect(gold.typeNames.count == 2)
        let report = try Scorer().score(gold: gold, predicted: DataSource(folder.file("said.ndjson")).read())
        #expect(report[.span]?.counts == Counts(correct: 2, predicted: 2, gold: 2))
        #expect(report[.mner]?.counts == Counts(correct: 1, predicted: 2, gold: 2))
        #expect(report[.mner]?.byType.count == 2)
        let knowledge = try Knowledge([folder.file("knowledge.ndjson")])
        #expect(knowledge[one] == "1" && knowledge[other] == "2")
        let tagged = try DataSource(folder.file("gold.txt"), format: .conll).read()
        #expect(tagged.posts.count == 2 && tagged.posts[0].entities.count == 2)
    }

    @Test func numbersInAnExportAreOfOneEach() throws {
        let folder = try DataFolder(["gold.ndjson": posts((one, other))])
        let data = try DataSource(folder.file("gold.ndjson")).read()
        let coco = String(decoding: try ExportFormat.coco.files(for: data)[0].contents, as: UTF8.self)
        #expect(coco.contains(#""image_id":1,"category_id":1"#) != coco.contains(#""image_id":1,"category_id":2"#))
        #expect(coco.contains(#""image_id":2"#))
    }
}
