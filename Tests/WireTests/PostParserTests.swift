import Testing
@testable import Wire
@testable import JSON

@Suite struct PostParserTests {
    @Test func aPostHasItsParts() throws {
        let post = try parse(
            #" {"id":"71044","text":"Garfield Park","image":"a/b.jpg","alt":"a park","knowledge":"\u00e9","lang":"en"} "#
        )
        #expect(post.line == 1)
        #expect(post.id?.description == "\"71044\"")
        #expect(post.text == "Garfield Park")
        #expect(post.images.map(\.location) == ["a/b.jpg"])
        #expect(post.alt == "a park")
        #expect(post.knowledge == "é")
        #expect(!post.tokensGiven)
        #expect(post.passthrough == nil)
    }

    @Test(arguments: [
        "12345678901234567890123", "1e5", "-0.10", "9223372036854775808", "\"\\u0041\\/\"", "\"😀\"", "\"\"",
    ]) func idsComeBackAsWritten(id: String) throws {
        #expect(try parse(#"{"id": \#(id) ,"text":"a"}"#).id?.description == id)
    }

    @Test func nullCountsAsAbsent() throws {
        let post = try parse(#"{"id":null,"text":"a","image":null,"alt":null,"knowledge":null,"tokens":null}"#)
        #expect(post == Post(line: 1, text: "a"))
    }

    @Test func theLastOfSeveralMembersWins() throws {
        #expect(
            try parse(#"{"text":"a","te\u0078t":"b","id":1,"id":2}"#)
                == Post(line: 1, id: try parse(#"{"id":2,"text":""}"#).id, text: "b"))
    }

    @Test func escapesAreDecoded() throws {
        #expect(try parse(#"{"text":"\u00e9\n\ud83d\ude00\/\ud800x"}"#).text == "é\n😀/\u{FFFD}x")
    }

    @Test(
        arguments: [
            ("nope", "json.syntax", 1), ("{\"text\":\"a\"} x", "json.syntax", 14),
            ("{\"text\":\"a\"", "json.syntax", 12),
            ("[1]", "json.not_object", 1), ("\"text\"", "json.not_object", 1), ("[1", "json.syntax", 3),
            ("{\"text\":\"a\u{0}\"}", "json.nul", 11), ("{}", "text.missing", nil),
            ("{\"text\":null}", "text.missing", nil),
            ("{\"text\":[\"a\"]}", "text.type", 9), ("{\"text\":1,\"tokens\":2}", "text.type", 9),
            ("{\"tokens\":\"a\"}", "tokens.type", 11), ("{\"tokens\":[\"a\",1]}", "tokens.type", 16),
            ("{\"tokens\":[\"a\",\"\"]}", "tokens.type", 11),
            ("{\"text\":\"a b\",\"tokens\":[\"a\"]}", "tokens.mismatch", 24),
        ] as [(String, String, Int?)]) func badPostsAreNamed(line: String, code: String, column: Int?) throws
    {
        let error = try #require(parseError(line))
        #expect(error.code.rawValue == code)
        #expect(error.column == column, "\(error.message)")
        #expect(error.stage == "parse")
    }

    @Test(arguments: [
        (#""image":7"#, "image.type"), (#""image":[["a"]]"#, "image.type"), (#""image":{"width":1}"#, "image.type"),
        (#""image":{"path":1}"#, "image.type"), (#""image":{"path":"a","alt":[]}"#, "alt.type"),
        (#""alt":{}"#, "alt.type"),
        (#""knowledge":12"#, "knowledge.type"), (#""id":true"#, "id.type"), (#""id":{"a":1}"#, "id.type"),
        (#""tokens":5"#, "tokens.type"), (#""tokens":["a",1]"#, "tokens.type"), (#""tokens":["a",""]"#, "tokens.type"),
        (#""image":["1","2","3","4","5","6","7","8","9"]"#, "image.too_many"),
    ]) func aPartOfTheWrongKindCostsWhatHangsOnIt(member: String, code: String) throws {
        let post = try parse("{\"text\":\"a\",\(member)}")
        #expect(post.text == "a" && post.tokens == nil && post.id == nil && post.knowledge == nil)
        #expect(post.warnings.map(\.code) == [code] && post.warnings[0].stage == "parse")
        #expect(post.images.count <= Post.mostPictures)
    }

    @Test func tokensAreEnoughWhereTheTextIsOfTheWrongKind() throws {
        let post = try parse(#"{"text":{"html":"a"},"tokens":["b","c"]}"#)
        #expect(post.text == "b c" && post.tokens?.count == 2)
        #expect(post.warnings.map(\.code) == ["text.type"])
    }

    @Test func picturesComeInSeveralShapes() throws {
        func pictures(_ image: String) throws -> [PostPicture] {
            try parse("{\"text\":\"a\",\"alt\":\"top\",\"image\":\(image)}").images
        }
        let (a, b) = (PostPicture(location: "a"), PostPicture(location: "b", alt: "own"))
        #expect(try pictures("\"a\"") == [a])
        #expect(try pictures("[]") == [] && pictures("null") == [])
        #expect(try pictures(#"{"path":"b","alt":"own","size":[1,2]}"#) == [b])
        #expect(try pictures(#"["a",{"alt":"own","path":"b"}]"#) == [a, b])
        #expect(try pictures(#"{"alt":"own"}"#) == [PostPicture(location: nil, alt: "own")])
        // What cannot be used keeps its place.
        #expect(try pictures(#"["a",null,5,{"path":"b","alt":"own"}]"#).map(\.location) == ["a", nil, nil, "b"])
    }

    @Test func alternativeTextIsThePicturesOrThePosts() throws {
        let post = try parse(
            #"{"text":"a","alt":"top","image":["a",{"path":"b","alt":"own"},"c",{"path":"d","alt":""}]}"#)
        #expect(post.images.indices.map { post.alt(of: $0) } == ["top", "own", "top", ""])
        #expect(post.allAlt == "top . own")
        #expect(try parse(#"{"text":"a","alt":"top","image":"a"}"#).allAlt == "top")
        #expect(try parse(#"{"text":"a","image":{"path":"a","alt":"own"},"alt":"top"}"#).allAlt == "own")
    }

    @Test func invalidUTF8IsNamedWithItsByte() throws {
        let line = Array("{\"id\":7,\"text\":\"caf".utf8) + [0xE9] + Array("\"}".utf8)
        do {
            _ = try PostParser().parse(line, number: 3)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .jsonUTF8)
            #expect(error.column == 20)
            #expect(error.id?.description == "7")
        }
    }

    @Test func deepNestingIsRefused() {
        #expect(parseError("{\"text\":\"a\",\"x\":" + String(repeating: "[", count: 600))?.code == .jsonDepth)
    }

    @Test func errorsKeepTheIDThatCouldBeRead() {
        #expect(parseError(#"{"id":"a","text":5}"#)?.id?.description == "\"a\"")
        #expect(parseError(#"{"id":"a","text":"#)?.id?.description == "\"a\"")
        #expect(parseError(#"{"text":5,"id":8}"#)?.id?.description == "8")
        #expect(parseError(#"{"text":5,"id":[]}"#)?.id == nil)
    }

    @Test func errorsKeepTheMembersToReturn() {
        let error = parseError(#"{"id":1,"text":5,"lang":"en"}"#, passthrough: true)
        #expect(error?.passthrough == Array(#""lang":"en""#.utf8))
    }
}

@Suite struct PostKeysTests {
    private func keys(text: String) throws -> PostKeys {
        PostKeys(text: try JSONPointer(text))
    }

    @Test func pointersReachIntoObjectsAndArrays() throws {
        let line =
            #"{"data":{"full_text":"a"},"media":[{"url":"x"},{"url":"y"}],"user":{"id":5},"a/b":{"~":"alt","k":"known"}}"#
        let post = try parse(
            line,
            keys: PostKeys(
                text: try JSONPointer("/data/full_text"), image: try JSONPointer("/media/1/url"),
                id: try JSONPointer("/user/id"), alt: try JSONPointer("/a~1b/~0"),
                knowledge: try JSONPointer("/a~1b/k")))
        #expect(post.text == "a")
        #expect(post.images.map(\.location) == ["y"])
        #expect(post.id?.description == "5")
        #expect(post.alt == "alt")
        #expect(post.knowledge == "known")
    }

    @Test(arguments: ["/data/nothing", "/data/full_text/deeper", "/media/2", "/media/-", "/media/01", "/media/x", "/"])
    func pointersToNothingFindNoText(pointer: String) throws {
        let line = #"{"data":{"full_text":"a"},"media":["x","y"]}"#
        #expect(parseError(line, keys: try keys(text: pointer))?.code == .textMissing)
    }

    @Test func pointersMayNameEmptyKeys() throws {
        #expect(try parse(#"{"":{"":"a"}}"#, keys: try keys(text: "//")).text == "a")
    }

    @Test func onePointerMayServeTwoParts() throws {
        let both = PostKeys(text: try JSONPointer("/t"), alt: try JSONPointer("/t"))
        #expect(try parse(#"{"t":"a"}"#, keys: both) == Post(line: 1, text: "a", alt: "a"))
    }

    @Test(arguments: [
        ("text", "/text"), ("data.full_text", "/data/full_text"), (".data.text", "/data/text"),
        ("media.0.url", "/media/0/url"), ("media[0].url", "/media/0/url"), ("[1]", "/1"), (".[0][12]", "/0/12"),
        ("a~b", "/a~0b"), ("/a.b", "/a.b"), ("ä ö", "/ä ö"),
    ]) func pathsArePointers(path: String, pointer: String) throws {
        #expect(try JSONPointer(path: path).tokens == JSONPointer(pointer).tokens)
        #expect(try JSONPointer(path: path).description == path)
    }

    @Test(arguments: ["", ".", "a..b", "a.", "a/b", "#/a", "a[", "a[]", "a[x]", "a[0]b", "a[01]", "a[-1]", "[0", "/a~"])
    func badPathsAreRefused(path: String) {
        #expect { try JSONPointer(path: path) } throws: { "\($0)".contains("\"\(path)\"") }
    }

    @Test(arguments: ["/a/1/b", "/a/1", "/a/2", "/a/01", "/a/x", "/c/d", "/", "/a"])
    func treesAreWalkedAsLinesAre(pointer: String) throws {
        let line = Array(#"{"a":[0,{"b":"x"}],"c":{"c":1},"":7,"a":[1,{"b":2}]}"#.utf8)
        let pointer = try JSONPointer(pointer)
        let value = try JSONValue(parsing: line)[pointer]
        let range = try pointer.resolve(in: UTF8Span(validating: line.span), from: 0, token: 0)
        #expect(try range.map { try JSONValue(parsing: Array(line[$0])) } == value)
    }

    @Test(arguments: ["", "text", "#/text", "/a~", "/a~2b"]) func badPointersAreRefused(pointer: String) {
        #expect { try JSONPointer(pointer) } throws: { "\($0)".contains("\"\(pointer)\" is not a JSON Pointer") }
    }
}

@Suite struct PassthroughTests {
    private func passed(_ line: String, keys: PostKeys = PostKeys(), emit: Emit = .posts) throws -> String? {
        try parse(line, keys: keys, passthrough: true, emit: emit).passthrough.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func unknownMembersComeBackByteForByte() throws {
        #expect(
            try passed(#"{"n" : 1.50e+3, "text":"a","\u006f":{"b" :[ 1,2 ]},"big":12345678901234567890123,"n":0}"#)
                == #""n" : 1.50e+3,"\u006f":{"b" :[ 1,2 ]},"big":12345678901234567890123,"n":0"#)
        #expect(try passed(#"{"text":"a"}"#) == "")
    }

    @Test func namesOfTheAnswerAreNotPassed() throws {
        let line = #"{"text":"a","error":1,"type":"tweet","line":2,"triples":3,"score":4,"w\u0061rnings":5,"x":6}"#
        #expect(try passed(line) == #""type":"tweet","score":4,"x":6"#)
        #expect(try passed(line, emit: .triples) == #""triples":3,"x":6"#)
    }

    @Test func membersUsedInPartAreKeptWhole() throws {
        let keys = PostKeys(text: try JSONPointer("/data/text"))
        #expect(
            try passed(#"{"data":{"text":"a","n":1},"text":"b"}"#, keys: keys)
                == #""data":{"text":"a","n":1},"text":"b""#)
    }
}

@Suite struct KeptPartTests {
    private func kept(
        _ line: String, _ keep: Set<PostPart>, keys: PostKeys = PostKeys(), passthrough: Bool = false
    ) throws -> String {
        let parser = PostParser(keys: keys, keep: keep, passthrough: passthrough)
        return String(decoding: try parser.parse(Array(line.utf8), number: 1).passthrough ?? [], as: UTF8.self)
    }

    @Test func partsComeBackAsTheyWereWritten() throws {
        let line = #"{"alt":"b" , "image" : [ "c\u002ejpg", {"path":"d"} ],"text":"\u0061","x":1,"knowledge":null}"#
        #expect(
            try kept(line, Set(PostPart.allCases))
                == #""text":"\u0061","image":[ "c\u002ejpg", {"path":"d"} ],"alt":"b""#)
        #expect(try kept(line, [.alt]) == #""alt":"b""#)
        #expect(try kept(line, []) == "")
        #expect(try kept(line, [.text], passthrough: true) == #""text":"\u0061","x":1"#)
    }

    @Test func theyHaveTheirNamesWhereverTheyWere() throws {
        let keys = PostKeys(text: try JSONPointer(path: "data.t"), image: try JSONPointer(path: "data.i"))
        let line = #"{"data":{"t":"a","i":"b"},"text":"another","width":3,"line":4}"#
        #expect(try kept(line, [.text, .image], keys: keys) == #""text":"a","image":"b""#)
        // What is given back under a name takes it from what is passed.
        #expect(
            try kept(line, [.text, .image], keys: keys, passthrough: true)
                == #""text":"a","image":"b","data":{"t":"a","i":"b"}"#)
    }

    @Test func theTextOfWordsIsWhatTheyWereJoinedTo() throws {
        #expect(try kept(#"{"tokens":["a\"","b"]}"#, [.text, .tokens]) == #""text":"a\" b","tokens":["a\"","b"]"#)
        #expect(try kept(#"{"tokens":["a"],"text":null}"#, [.text]) == #""text":"a""#)
    }

    @Test func errorsHaveThemToo() {
        let error = #expect(throws: RecordError.self) { try kept(#"{"text":7,"alt":"b"}"#, [.text, .alt]) }
        #expect(error?.passthrough.map { String(decoding: $0, as: UTF8.self) } == #""text":7,"alt":"b""#)
    }
}

@Suite struct TokenTests {
    @Test func tokensAloneAreJoinedByOneSpace() throws {
        let post = try parse(#"{"tokens":["New York","😀","fun"]}"#)
        #expect(post.text == "New York 😀 fun")
        #expect(post.tokens == [0..<8, 9..<10, 11..<14])
        #expect(post.tokensGiven)
        #expect(try parse(#"{"tokens":[]}"#) == Post(line: 1, text: "", tokens: []))
    }

    @Test func combiningMarksStayTokensOfTheirOwn() throws {
        // As characters, the mark would merge with the space before it.
        #expect(try parse(#"{"tokens":["e","\u0301x"]}"#).tokens == [0..<1, 2..<4])
        #expect(try parse(#"{"text":"e\u0301x","tokens":["e","\u0301x"]}"#).tokens == [0..<1, 1..<3])
    }

    @Test func tokensAreFoundInTheText() throws {
        let post = try parse(##"{"text":" don't  go\n#there\u00a0😀 ","tokens":["do","n't","go","#","there","😀"]}"##)
        #expect(post.tokens == [1..<3, 3..<6, 8..<10, 11..<12, 12..<17, 18..<19])
        #expect(post.text == " don't  go\n#there\u{A0}😀 ")
    }

    @Test(arguments: [
        (#"{"text":"a b","tokens":["b","a"]}"#, "token 0"), (#"{"text":"a b","tokens":["a","b","c"]}"#, "token 2"),
        (#"{"text":"a b","tokens":["a"]}"#, "goes on"), (#"{"text":"ab","tokens":["a","x"]}"#, "token 1"),
        (#"{"text":"a","tokens":[]}"#, "goes on"), (#"{"text":"\u00e9","tokens":["e\u0301"]}"#, "token 0"),
    ]) func tokensThatAreNotTheTextAreRefused(line: String, reason: String) throws {
        let error = try #require(parseError(line))
        #expect(error.code == .tokensMismatch)
        #expect(error.message.contains(reason), "\(error.message)")
    }

    @Test(arguments: ["[\" a\"]", "[\"a\\t\"]", "[\" \"]", "[null]", "[[\"a\"]]", "{}", "1"])
    func whatIsNoWordIsRefused(tokens: String) {
        #expect(parseError("{\"tokens\":\(tokens)}")?.code == .tokensType)
    }

    @Test(arguments: 0..<20) func tokensAreFoundByScalars(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = (0..<Int.random(in: 0..<15, using: &random)).map { _ in
            "\"" + String(repeating: "x", count: Int.random(in: 1..<5, using: &random)) + "\""
        }
        let post = try parse("{\"tokens\":[\(words.joined(separator: ","))]}")
        let tokens = try #require(post.tokens)
        for start in 0..<post.text.count {
            for end in start + 1...post.text.count {
                let touched = tokens.indices.filter { tokens[$0].overlaps(start..<end) }
                let expected = touched.first.flatMap { first in touched.last.map { first..<$0 + 1 } }
                #expect(post.tokens(touching: start..<end) == expected)
            }
        }
        #expect(Post(line: 1, text: "x").tokens(touching: 0..<1) == nil)
    }

    @Test(arguments: 0..<20) func joinedTokensAreFoundAgain(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scalars = Array("ab😀é\u{301}ש中\u{200D}#\"\\".unicodeScalars)
        let tokens = (0..<Int.random(in: 1..<12, using: &random)).map { _ in
            var token = ""
            for _ in 0..<Int.random(in: 1..<6, using: &random) {
                token.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a")
            }
            return token
        }
        // Escapes are put before scalars: a backslash and a combining mark are one character.
        let list = tokens.map { token in
            "\"" + token.unicodeScalars.map { ($0 == "\\" || $0 == "\"" ? "\\" : "") + String($0) }.joined() + "\""
        }.joined(separator: ",")
        let joined = try parse("{\"tokens\":[\(list)]}")
        let ranges = try #require(joined.tokens)
        let text = Array(joined.text.unicodeScalars)
        #expect(ranges.map { Array(text[$0]) } == tokens.map { Array($0.unicodeScalars) })
    }
}
