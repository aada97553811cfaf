import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Text
@testable import Wire
@testable import Corpora
@testable import Geometry
import Scoring

@Suite("Gold and answers as NDJSON, CCKS")
struct JSONReaderTests {
    private func read(_ lines: String, _ reader: NDJSONReader = NDJSONReader()) throws -> LabelledData {
        let folder = try DataFolder(["a.ndjson": lines])
        return try reader.read(folder.file("a.ndjson"))
    }

    @Test func goldWithTextIsSplitIntoWords() throws {
        let line = """
            {"id":123456789012345678901,"text":"👍🏽 Bo's U.S. tour","image":{"width":60,"height":40},"triples":[
            {"entity":"U.S.","type":"LOC","start":8,"end":12,"box":null},
            {"entity":"Bo","type":"PER","start":3,"end":5,"score":0.5,"visible":0.25,"box":[30,20,10,5],"box_score":0.125}]}
            """.replacingOccurrences(of: "\n", with: "")
        let post = try #require(read(line).posts.first)
        #expect(post.id == "123456789012345678901")
        #expect(post.words == ["👍🏽", "Bo", "'s", "U.S.", "tour"])
        #expect(post.entities.map(\.short) == ["1-2 PER", "3-4 LOC"])
        #expect(post.entities[0].boxes == [PixelBox(x1: 10, y1: 5, x2: 30, y2: 20)])
        #expect(post.entities[0].score == 0.5 && post.entities[0].visible == 0.25)
        #expect(post.entities.map(\.boxScore) == [0.125, nil])
        #expect(post.entities[1].boxes == [])
        #expect(post.picture == ImageSize(width: 60, height: 40))
    }

    @Test func aSizeMayStandBesideAPathAndLabelsMayBeUnsure() throws {
        let line = """
            {"id":"a","text":"Bo in Rio","image":"p.jpg","width":60,"height":40,"triples":[
            {"type":"PER","start":0,"end":2,"boxes":[[1,2,3,4]],"box_score":0.25,"unsure":true},
            {"type":"LOC","start":6,"end":9,"boxes":[],"unsure":false}]}
            """.replacingOccurrences(of: "\n", with: "")
        let post = try #require(read(line).posts.first)
        #expect(post.image == "p.jpg" && post.picture == ImageSize(width: 60, height: 40))
        #expect(post.entities.map(\.isUnsure) == [true, false])
        #expect(post.entities.map(\.isGrounded) == [nil, false])
        #expect(post.entities[0].boxes == [PixelBox(x1: 1, y1: 2, x2: 3, y2: 4)])
        // What is written is read as what it was.
        let written = NDJSONWriter.file(LabelledData(posts: [post])).contents
        #expect(try read(String(decoding: written, as: UTF8.self)).posts == [post])
    }

    @Test func tokensAndSeveralBoxesAndMasks() throws {
        let line = """
            {"id":"a","tokens":["New York","x"],"image":"p.jpg","triples":[{"type":"LOC","fine_type":"city","start":0,"end":8,
            "boxes":[[0,0,1,1],[2,2,3,3]],"masks":[{"size":[2,3],"counts":[1,2,3]}]}]}
            """.replacingOccurrences(of: "\n", with: "")
        let post = try #require(read(line).posts.first)
        #expect(post.text == "New York x" && post.words == ["New York", "x"])
        #expect(post.image == "p.jpg" && post.picture == nil)
        #expect(post.entities[0].boxes?.count == 2 && post.entities[0].fineType == "city")
        #expect(post.entities[0].masks?.first?.runs == [1..<3])
        #expect(post.entities[0].words == 0..<1 && post.entities[0].name == "New York")
    }

    @Test func answersWithoutTextKeepTheirOffsets() throws {
        let lines = """
            {"id":"a","line":1,"triples":[{"entity":"Bo","type":"PER","start":3,"end":5,"token_start":1,"token_end":2,"box":null}]}

            {"line":7,"triples":[]}
            {"id":"c","line":8,"error":{"code":"image.missing","message":"gone"}}
            """
        let data = try read(lines)
        #expect(data.posts.map(\.id) == ["a", "7", "c"])
        #expect(data.posts[0].entities[0].scalars == 3..<5 && data.posts[0].entities[0].words == 1..<2)
        #expect(!data.posts[0].isTextKnown)
        #expect(data.notes.map(\.line) == [4])
    }

    @Test func anEntityInsideAWordTouchesIt() throws {
        let line = #"{"id":"a","text":"the pro-Ukrainian side","triples":[{"type":"LOC","start":8,"end":17}]}"#
        let entity = try read(line).posts[0].entities[0]
        #expect(entity.words == 1..<2 && entity.name == "Ukrainian" && entity.boxes == nil)
    }

    /// "👍🏽 é " is 2 + 1 + 1 + 1 scalars, 4 + 1 + 1 + 1 UTF-16 units, 8 + 1 + 2 + 1 bytes.
    @Test(arguments: [(OffsetUnit.scalar, 5), (.utf16, 7), (.utf8, 12)])
    func offsetsOfOtherUnits(_ unit: OffsetUnit, _ start: Int) throws {
        let triple = #"{"entity":"Bo","type":"PER","start":\#(start),"end":\#(start + 2)}"#
        let data = try read(#"{"id":"a","text":"👍🏽 é Bo","triples":[\#(triple)]}"#, NDJSONReader(offsets: unit))
        #expect(data.posts[0].entities[0].scalars == 5..<7)
    }

    @Test(arguments: [
        ("[1]", "no JSON object"), ("{", "unexpected end"),
        (#"{"text":1}"#, "text"), (#"{"text":"a","triples":1}"#, "“triples” is no list"),
        (#"{"text":"a","triples":[{"type":"X","start":0}]}"#, "triple 1: no “start” and “end” with 0 ≤ start < end"),
        (#"{"text":"a","triples":[{"type":"X","start":1,"end":1}]}"#, "triple 1: no “start” and “end”"),
        (#"{"text":"a","triples":[{"type":"X","start":0,"end":2}]}"#, "triple 1 ends at 2, the text at 1"),
        (
            #"{"text":"ab","triples":[{"entity":"b","type":"X","start":0,"end":1}]}"#,
            "triple 1 is “b”, but the text has “a” there"
        ),
        (#"{"text":"a","triples":[{"start":0,"end":1}]}"#, "triple 1: no “type”"),
        (#"{"text":"a","triples":[{"type":"X","start":0,"end":1,"box":[1,2,3]}]}"#, "triple 1: a box is four numbers"),
        (
            #"{"text":"a","triples":[{"type":"X","start":0,"end":1,"box":[1,2,3,1e999]}]}"#,
            "triple 1: a box is four numbers"
        ),
        (
            #"{"text":"a","triples":[{"type":"X","start":0,"end":1,"box":[1,2,1,3]}]}"#,
            "triple 1: box 1.0,2.0,1.0,3.0 is empty"
        ),
        (
            #"{"text":"a","image":{"width":4,"height":4},"triples":[{"type":"X","start":0,"end":1,"box":[1,2,9,3]}]}"#,
            "triple 1: box 1.0,2.0,9.0,3.0 leaves"
        ),
        (#"{"text":"a","image":{"width":0}}"#, "“image” without a width"),
        (#"{"text":"a","image":"p.jpg","width":4}"#, "“image” without a width"),
        (
            #"{"text":"a","triples":[{"type":"X","start":0,"end":1,"mask":{"size":[2,2],"counts":[5]}}]}"#,
            "triple 1: a mask is"
        ),
    ])
    func faultsNameTheirLine(_ line: String, _ message: String) throws {
        let folder = try DataFolder(["a.ndjson": "{\"id\":\"x\"}\n" + line])
        let error = folder.error { _ = try NDJSONReader().read(folder.file("a.ndjson")) }
        #expect(error?.hasPrefix("a.ndjson:2: ") == true && error?.contains(message) == true, "\(error ?? "none")")
    }

    /// What was given comes before what is made up; the same lines get the same ids.
    @Test func idsThatComeTwiceAreNumbered() throws {
        let lines = [
            "{\"id\":7}", "{\"text\":\"a\"}", "{\"id\":\"7\"}", "{\"id\":2}", "{\"line\":2}", "{\"id\":\"7~2\"}",
            "{\"id\":7}",
        ]
        let folder = try DataFolder(["a.ndjson": lines.joined(separator: "\n")])
        let data = try NDJSONReader().read(folder.file("a.ndjson"))
        #expect(data.posts.map(\.id) == ["7", "2~2", "7~3", "2", "2~3", "7~2", "7~4"])
        #expect(data.posts.map(\.givenID) == ["7", nil, "7", "2", nil, "7~2", "7"])
        #expect(
            data.notes.map(\.message) == ["posts whose id was there before, which get a number behind it, as 7~3: 2"])
    }

    @Test func manyPostsOfOneIDTakeNoTime() throws {
        let folder = try DataFolder(["a.ndjson": String(repeating: "{\"id\":7}\n", count: 20_000)])
        #expect(try NDJSONReader().read(folder.file("a.ndjson")).posts.last?.id == "7~20000")
    }

    /// `--emit triples`: posts are lines of the same id and line; posts without triples have none.
    @Test func linesOfOneTripleEachAreRead() throws {
        let triple = #""entity":"Bo","type":"PER","start":0,"end":2,"box":null"#
        let folder = try DataFolder([
            "a.ndjson": """
            {"id":"a","line":1,\(triple)}
            {"id":"a","line":1,"type":"LOC","start":6,"end":10}
            {"id":"b","line":2,\(triple)}
            {"line":4,\(triple)}
            {"id":"e","line":5,"error":{"code":"text.missing","message":"gone"}}
            """,
            "posts.ndjson": """
            {"id":"a","text":"Bo in Rome"}
            {"id":"b","text":"Bo"}
            {"id":"c","text":"nobody"}
            {"text":"Bo!"}
            {"id":"e","text":"?"}
            """,
        ])
        var data = try NDJSONReader().read(folder.file("a.ndjson"))
        #expect(data.leavesOutEmpty && data.posts.map(\.id) == ["a", "b", "4", "e"])
        #expect(data.posts.map(\.entities.count) == [2, 1, 1, 0])
        let gold = try NDJSONReader().read(folder.file("posts.ndjson"))
        let report = try Scorer().score(gold: gold, predicted: data)
        #expect(report[.span]?.counts == Counts(correct: 0, predicted: 4, gold: 0))
        try data.addTexts(from: gold, path: "posts.ndjson")
        #expect(data.posts.map(\.text) == ["Bo in Rome", "Bo", "nobody", "Bo!", "?"] && !data.leavesOutEmpty)
        #expect(data.posts[0].entities.map(\.name) == ["Bo", "Rome"])
        let error = folder.error { _ = try NDJSONReader(offsets: .utf16).read(folder.file("a.ndjson")) }
        #expect(error == "a.ndjson:1: offsets in utf16, but no text to count in")
    }

    @Test func nullSaysNothing() throws {
        let line =
            #"{"id":null,"text":"Bo","tokens":null,"error":null,"image":null,"width":null,"triples":[{"type":"PER","#
            + #""start":0,"end":2,"box":[0,0,1,1],"boxes":null,"masks":null,"mask":null,"score":null,"fine_type":null}]}"#
        let folder = try DataFolder(["a.ndjson": line])
        let data = try NDJSONReader().read(folder.file("a.ndjson"))
        #expect(data.notes.isEmpty && data.posts[0].givenID == nil && data.posts[0].picture == nil)
        #expect(data.posts[0].entities[0].boxes?.count == 1 && data.posts[0].entities[0].masks == [])
    }

    @Test func picturesAreReadAsFeedsHaveThem() throws {
        let cases: [(String, String?, ImageSize?)] = [
            (#""image":"a.png""#, "a.png", nil), (#""image":{"path":"a.png","alt":"x"}"#, "a.png", nil),
            (#""image":["a.png","b.png"],"width":4,"height":3"#, "a.png", ImageSize(width: 4, height: 3)),
            (#""image":{"width":4,"height":3}"#, nil, ImageSize(width: 4, height: 3)),
            (#""width":4,"height":3"#, nil, ImageSize(width: 4, height: 3)), (#""width":"wide""#, nil, nil),
            (#""image":{"alt":"x"}"#, nil, nil), (#""image":[]"#, nil, nil),
        ]
        for (members, path, size) in cases {
            let folder = try DataFolder(["a.ndjson": "{\"text\":\"a\",\(members)}"])
            let post = try NDJSONReader().read(folder.file("a.ndjson")).posts[0]
            #expect(post.image == path && post.picture == size, "\(members)")
        }
    }

    @Test func fourZerosAreNoBox() throws {
        let folder = try DataFolder([
            "a.ndjson": #"{"text":"Bo","triples":[{"type":"PER","start":0,"end":2,"box":[0,0,0,0]}]}"#,
            "b.json": #"{"1":[{"name":"Bo","label":"weapon","bnd":{"xmin":0,"ymin":0,"xmax":0,"ymax":0}}]}"#,
        ])
        let data = try NDJSONReader().read(folder.file("a.ndjson"))
        #expect(data.posts[0].entities[0].boxes == [] && data.notes.count == 1)
        #expect(try DataSource(folder.file("b.json")).read().posts[0].entities[0].isGrounded != true)
    }

    @Test func unknownTypesAreRefused() throws {
        let folder = try DataFolder()
        let line = #"{"text":"a","triples":[{"type":"CITY","start":0,"end":1}]}"#
        try folder.write("b.ndjson", Array(line.utf8))
        let error = folder.error { _ = try NDJSONReader(inventory: .coarse).read(folder.file("b.ndjson")) }
        #expect(error == "b.ndjson:1: triple 1: unknown type CITY; known: PER LOC ORG OTHER")
    }

    // MARK: CCKS

    private let ccks = """
        {"1":[{"name":"F-15","label":"aircraft","bnd":{"xmin":9,"ymin":2,"xmax":3,"ymax":4}},
        {"name":"Oslo","label":"location","bnd":null},{"name":"F-15","label":"aircraft"}],"2":[]}
        """

    @Test func ccksNamesStandInForOffsets() throws {
        let folder = try DataFolder(["a.json": ccks])
        let posts = try DataSource(folder.file("a.json")).read().posts
        #expect(posts.map(\.id) == ["1", "2"])
        #expect(posts[0].text == "F-15\nOslo\nF-15")
        #expect(posts[0].entities.map(\.name) == ["F-15", "Oslo", "F-15"])
        #expect(posts[0].entities.map(\.scalars) == [0..<4, 5..<9, 10..<14])
        #expect(posts[0].entities.map(\.isGrounded) == [true, false, false])
        #expect(posts[0].entities[0].boxes == [PixelBox(x1: 3, y1: 2, x2: 9, y2: 4)])
    }

    @Test func ccksNamesAreLookedUpInTexts() throws {
        let texts = #"{"id":"1","text":"An F-15 over Oslo met an F-15."}"# + "\n" + #"{"id":"2","text":"x"}"#
        let folder = try DataFolder([
            "a.json": ccks, "t.ndjson": texts, "u.ndjson": #"{"id":"1","text":"An F-15 over Oslo"}"#,
        ])
        var source = DataSource(folder.file("a.json"))
        source.texts = folder.file("t.ndjson")
        #expect(try source.read().posts[0].entities.map(\.scalars) == [3..<7, 13..<17, 25..<29])
        source.texts = folder.file("u.ndjson")
        #expect(
            folder.error { _ = try source.read() } == "a.json: post 1: “F-15” is not in its text, or not that often")
    }

    @Test(arguments: [
        ("[]", "a.json: not an object with a list for each picture"), (#"{"1":3}"#, "a.json: post 1 has no list"),
        (#"{"1":[],"1":[]}"#, "a.json: post 1 twice"),
        (#"{"1":[{"name":"a"}]}"#, "a.json: post 1, entity 1: no name and label"),
        (#"{"1":[{"name":"a","label":"cat"}]}"#, "a.json: post 1, entity 1: unknown type cat"),
        (#"{"1":[{"name":"a","label":"other","bnd":{"xmin":1}}]}"#, "a.json: post 1, entity 1: “bnd” is neither"),
        (
            #"{"1":[{"name":"a","label":"other","bnd":{"xmin":1,"ymin":1,"xmax":1,"ymax":1}}]}"#,
            "a.json: post 1, entity 1: box"
        ),
        ("{\n\n\"1\":}", "a.json:3: expected a value"),
    ])
    func faultsOfCCKSAreNamed(_ json: String, _ message: String) throws {
        let folder = try DataFolder(["a.json": json])
        let error = folder.error { _ = try CCKSReader().read(folder.file("a.json")) }
        #expect(error?.hasPrefix(message) == true, "\(error ?? "none")")
    }
}
