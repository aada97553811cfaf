import Geometry
import JSON
import Testing
@testable import Wire

/// The regions that a list gives to a post's only picture, and the codes of its warnings.
private func read(_ list: String) throws -> (regions: [PostRegion], warnings: [Warning]) {
    let post = try parse(#"{"text":"a","image":"b.jpg","regions":\#(list)}"#)
    #expect(post.text == "a" && post.images.map(\.location) == ["b.jpg"])
    return (post.images[0].regions, post.warnings)
}

private func box(_ x1: Float, _ y1: Float, _ x2: Float, _ y2: Float) -> PixelBox {
    PixelBox(x1: x1, y1: y1, x2: x2, y2: y2)
}

@Suite struct PostRegionTests {
    @Test func regionsHaveTheirParts() throws {
        let (regions, warnings) = try read(
            #"""
            [ {"box":[1,2.5,3e1,40], "label":"person","score":0.75,"text":"EXIT","id":[{"box":1}]},
              {"box":[30,40,1,2.5]}, {"text":null,"score":null,"label":null,"box":[-5,0,99999,1]} ]
            """#)
        #expect(
            regions == [
                PostRegion(box: box(1, 2.5, 30, 40), label: "person", score: 0.75, text: "EXIT"),
                PostRegion(box: box(1, 2.5, 30, 40)), PostRegion(box: box(-5, 0, 99999, 1)),
            ])
        #expect(warnings.isEmpty)
    }

    @Test func wordsStayAsTheyAre() throws {
        let (regions, warnings) = try read(
            #"[{"box":[0,0,1,1],"label":"слон","text":"出口\u0000\ud83d\ude00\ud800"},{"box":[0,0,1,1],"label":""}]"#)
        #expect(regions.map(\.label) == ["слон", ""])
        #expect(regions[0].text == "出口\u{0}😀\u{FFFD}")
        #expect(warnings.isEmpty)
    }

    @Test func longWordsAreCutByScalars() throws {
        for scalar in ["x", "é", "😀", "\u{301}"] {
            let (regions, warnings) = try read(
                #"[{"box":[0,0,1,1],"label":"\#(String(repeating: scalar, count: 256))","text":"\#(String(repeating: scalar, count: 257))"}]"#
            )
            #expect(regions[0].label?.unicodeScalars.count == 256)
            #expect(regions[0].text == regions[0].label)
            #expect(warnings.isEmpty)
        }
    }

    @Test func ofSeveralMembersTheLastCounts() throws {
        let (regions, warnings) = try read(
            #"[{"box":7,"label":[],"score":9,"box":[0,0,1,1],"l\u0061bel":"a","score":1},{"box":[0,0,2,2],"box":null}]"#
        )
        #expect(regions == [PostRegion(box: box(0, 0, 1, 1), label: "a", score: 1)])
        #expect(warnings.map(\.message) == ["region 1 has no box of four numbers (1 of 2 regions left out)"])
        let post = try parse(#"{"regions":7,"text":"a","image":"b","regions":[{"box":[0,0,1,1]}]}"#)
        #expect(post.images[0].regions.count == 1 && post.warnings.isEmpty)
    }

    @Test(arguments: [
        ("7", "the regions must be an array of objects, they are a number"),
        (#"{"box":[0,0,1,1]}"#, "the regions must be an array of objects, they are an object"),
        ("[[0,0,1,1]]", "region 0 is an array, not an object (1 of 1 region left out)"),
        (#"[{"box":[0,0,0,1]}]"#, "region 0 has no area (1 of 1 region left out)"),
        ("[]", "the list of regions is empty"),
    ]) func whatCannotBeUsedIsTold(list: String, message: String) throws {
        let (regions, warnings) = try read(list)
        #expect(regions.isEmpty)
        #expect(warnings.map(\.message) == [message] && warnings[0].stage == "parse")
    }

    @Test(arguments: [
        "null", "true", "\"0,0,1,1\"", "{}", "[]", "[0,0,1]", "[0,0,1,1,1]", "[0,0,1,\"1\"]", "[0,0,1,null]",
        "[[0],0,1,1]", "[0,0,1,1e999]", "[0,0,-1e39,1]",
    ]) func whatIsNoBoxCostsItsRegion(written: String) throws {
        let good = #"{"box":[0,0,1,1]}"#
        let (regions, warnings) = try read(#"[\#(good),{"label":"a","box":\#(written)},\#(good),{}]"#)
        #expect(regions.count == 2)
        #expect(warnings.map(\.code) == ["regions.type"])
        #expect(warnings.map(\.message) == ["region 1 has no box of four numbers (2 of 4 regions left out)"])
    }

    @Test(arguments: ["[5,0,5,9]", "[0,9,9,9]", "[3,3,3,3]", "[0,0,1e-300,1]", "[0,0,0,0]"])
    func boxesHaveAnArea(written: String) throws {
        let (regions, warnings) = try read(#"[{"box":[0,0,1,1]},{"box":\#(written)}]"#)
        #expect(regions.count == 1)
        #expect(warnings.map(\.code) == ["regions.no_area"])
    }

    @Test(arguments: [
        #""label":5"#, #""label":["a"]"#, #""text":true"#, #""text":{}"#, #""score":"0.5""#, #""score":1.01"#,
        #""score":-0.1"#, #""score":1e999"#, #""score":[0.5]"#,
    ]) func aMemberOfTheWrongKindCostsItself(member: String) throws {
        let (regions, warnings) = try read(#"[{"box":[0,0,1,1],\#(member)},{"box":[0,0,2,2],"score":0}]"#)
        #expect(regions == [PostRegion(box: box(0, 0, 1, 1)), PostRegion(box: box(0, 0, 2, 2), score: 0)])
        #expect(warnings.map(\.code) == ["regions.type"])
        #expect(warnings[0].message.hasPrefix("region 0 has a "))
        #expect(warnings[0].message.hasSuffix("(parts of 1 of 2 regions left out)"))
    }

    @Test func eachFaultIsToldOnceForTheList() throws {
        let list = Array(
            repeating: #"7,{"box":[0,0,1,1],"label":1,"text":2,"score":3},{"box":[1,1,1,1]}"#, count: 50)
        let (regions, warnings) = try read("[\(list.joined(separator: ","))]")
        #expect(regions.count == 50)
        #expect(
            warnings.map(\.message) == [
                "region 0 is a number, not an object (50 and parts of 50 of 150 regions left out)",
                "region 2 has no area (50 of 150 regions left out)",
            ])
    }
}

@Suite struct ManyRegionsTests {
    private func list(_ count: Int, score: (Int) -> String?) -> String {
        let regions = (0..<count).map { index in
            #"{"box":[0,0,1,\#(index + 1)]\#(score(index).map { ",\"score\":\($0)" } ?? "")}"#
        }
        return "[\(regions.joined(separator: ","))]"
    }

    private func places(_ regions: [PostRegion]) -> [Int] { regions.map { Int($0.box.y2) - 1 } }

    @Test func withoutScoresTheFirstAreKept() throws {
        let (regions, warnings) = try read(list(10_000) { _ in nil })
        #expect(places(regions) == Array(0..<100))
        #expect(warnings.map(\.code) == ["regions.too_many"])
        #expect(warnings[0].message == "10000 regions, of which the first 100 are looked at")
        #expect(try read(list(100) { _ in nil }).warnings.isEmpty)
        #expect(try places(read(list(101) { _ in "0.5" }).regions) == Array(0..<100))
    }

    @Test func theHighestScoresAreKeptInTheFeedsOrder() throws {
        let (rising, warnings) = try read(list(10_000) { "0.\($0 + 10_000)" })
        #expect(places(rising) == Array(9_900..<10_000))
        #expect(warnings[0].message == "10000 regions, of which the 100 with the highest scores are looked at")
        #expect(try places(read(list(10_000) { "0.\(99_999 - $0)" }).regions) == Array(0..<100))
        // One without a score comes last.
        let some = try read(list(10_000) { $0 % 200 == 7 ? "0" : nil }).regions
        #expect(places(some) == Set(0..<51).union((0..<50).map { 200 * $0 + 7 }).sorted())
    }

    @Test(arguments: 0..<20) func thatIsWhatSortingAllOfThemGives(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scores = (0..<Int.random(in: 90...900, using: &random)).map { _ in Int.random(in: -3...9, using: &random) }
        let (regions, _) = try read(list(scores.count) { scores[$0] < 0 ? nil : "0.\(scores[$0])" })
        let best = scores.indices.sorted { (max(scores[$1], -1), $0) < (max(scores[$0], -1), $1) }
        #expect(places(regions) == best.prefix(100).sorted())
    }

    @Test func picturesHaveListsOfTheirOwn() throws {
        let regions = list(1_000) { _ in nil }
        let pictures = Array(repeating: #"{"path":"a","regions":\#(regions)}"#, count: 9).joined(separator: ",")
        let post = try parse(#"{"text":"a","image":[\#(pictures)]}"#)
        #expect(post.images.map(\.regions.count) == Array(repeating: 100, count: 8))
        #expect(post.warnings.map(\.code) == Array(repeating: "regions.too_many", count: 8) + ["image.too_many"])
        #expect(post.warnings[3].message == "in picture 3, 1000 regions, of which the first 100 are looked at")
    }
}

@Suite struct RegionsOfPicturesTests {
    private let one = #"[{"box":[0,0,1,1]}]"#
    private let two = #"[{"box":[0,0,2,2]},{"box":[0,0,3,3]}]"#

    private func counts(_ members: String) throws -> (counts: [Int], codes: [String]) {
        let post = try parse("{\"text\":\"a\",\(members)}")
        #expect(post.text == "a")
        return (post.images.map(\.regions.count), post.warnings.map(\.code))
    }

    @Test func thoseOfThePostAreItsFirstPictures() throws {
        #expect(try counts(#""image":["a","b"],"regions":\#(two)"#) == ([2, 0], []))
        #expect(try counts(#""image":[null,{"alt":"c"},"b"],"regions":\#(two)"#) == ([0, 0, 2], []))
        #expect(try counts(#""regions":\#(two),"image":{"path":"b","alt":"c"}"#) == ([2], []))
    }

    @Test func thoseOfAPictureAreItsOwn() throws {
        let pictures = #"["a",{"path":"b","regions":\#(one)},{"regions":\#(two),"path":"c","alt":"d"}]"#
        #expect(try counts(#""image":\#(pictures)"#) == ([0, 1, 2], []))
        #expect(try counts(#""image":\#(pictures),"regions":\#(two)"#) == ([2, 1, 2], []))
        #expect(try counts(#""image":{"path":"b","regions":\#(one)}"#) == ([1], []))
    }

    @Test func itsOwnComeFirst() throws {
        let own = #""image":[null,{"path":"b","regions":\#(one)}]"#
        #expect(try counts("\(own),\"regions\":\(two)") == ([0, 1], ["regions.twice"]))
        #expect(try counts("\(own),\"regions\":null") == ([0, 1], []))
        // What is no list says nothing.
        #expect(try counts("\(own),\"regions\":7") == ([0, 1], ["regions.type"]))
        let nothing = #""image":{"path":"b","regions":[]},"regions":\#(two)"#
        #expect(try counts(nothing) == ([2], ["regions.empty"]))
        #expect(try counts(#""image":{"path":"b","regions":"x"},"regions":\#(two)"#) == ([2], ["regions.type"]))
        #expect(try counts(#""image":{"path":"b","regions":null},"regions":\#(two)"#) == ([2], []))
    }

    @Test func regionsNeedAPicture() throws {
        #expect(try counts(#""regions":\#(two)"#) == ([], ["regions.no_picture"]))
        #expect(try counts(#""image":[],"regions":\#(two)"#) == ([], ["regions.no_picture"]))
        #expect(try counts(#""image":{"alt":"a"},"regions":\#(two)"#) == ([0], ["regions.no_picture"]))
        #expect(try counts(#""image":{"alt":"a","regions":\#(two)}"#) == ([0], ["regions.no_picture"]))
        #expect(try counts(#""image":{"path":7,"regions":\#(two)}"#) == ([], ["image.type", "regions.no_picture"]))
    }

    @Test func messagesNameThePicture() throws {
        func message(_ image: String) throws -> String? {
            try parse(#"{"text":"a","image":\#(image)}"#).warnings.first?.message
        }
        #expect(
            try message(#"["a",{"path":"b","regions":[7,{}]}]"#)
                == "in picture 1, region 0 is a number, not an object (2 of 2 regions left out)")
        #expect(
            try message(#"{"path":"b","regions":{}}"#)
                == "the regions of the picture must be an array of objects, they are an object")
    }

    @Test func theyMayLieElsewhere() throws {
        let keys = PostKeys(regions: try JSONPointer(path: "found[1].objects"))
        let post = try parse(
            #"{"text":"a","image":"b","found":[0,{"objects":\#(two)}],"regions":7}"#, keys: keys)
        #expect(post.images[0].regions.count == 2 && post.warnings.isEmpty)
    }

    @Test func theyComeBackAsTheyWereWritten() throws {
        let written = #"[ {"box" : [1e0, 0,5,9.50],"label":"\u0061","x":12345678901234567890},7 ]"#
        let line = #"{"text":"a","r":{"found":\#(written)},"regions":"mine","lang":"en"}"#
        let keys = PostKeys(regions: try JSONPointer(path: "r.found"))
        func returned(_ keep: Set<PostPart>, _ keys: PostKeys, passthrough: Bool) throws -> String {
            let parser = PostParser(keys: keys, keep: keep, passthrough: passthrough)
            return String(decoding: try parser.parse(Array(line.utf8), number: 1).passthrough ?? [], as: UTF8.self)
        }
        #expect(try returned([.regions], keys, passthrough: false) == "\"regions\":\(written)")
        // What is given back under a name takes it from what is passed.
        #expect(
            try returned([.regions], keys, passthrough: true)
                == #""regions":\#(written),"r":{"found":\#(written)},"lang":"en""#)
        #expect(
            try returned([], PostKeys(), passthrough: true) == #""r":{"found":\#(written)},"lang":"en""#)
    }

    /// Whatever stands for regions, of the post or of its picture, the post is read, and what is kept is sound.
    @Test(arguments: 0..<300) func nothingThereCostsThePost(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (top, own) = (value(&random, depth: 0), value(&random, depth: 0))
        let post = try parse(
            #"{"text":"Ann","regions":\#(top),"image":["a",{"path":"b","regions":\#(own)}],"alt":"c"}"#)
        #expect(post.text == "Ann" && post.alt == "c" && post.images.map(\.location) == ["a", "b"])
        #expect(post.warnings.allSatisfy { RegionFault(rawValue: $0.code) != nil } && post.warnings.count <= 8)
        for region in post.images.flatMap(\.regions) {
            #expect(region.box.fault(in: nil) == nil && region.box == region.box.ordered)
            #expect(region.score.map { (0...1).contains($0) } ?? true)
        }
    }

    private func value(_ random: inout SeededGenerator, depth: Int) -> String {
        func several(_ make: (inout SeededGenerator) -> String) -> String {
            (0..<Int.random(in: 0...4, using: &random)).map { _ in make(&random) }.joined(separator: ",")
        }
        let plain = [
            "null", "true", "0", "-7.5", "1e999", "1e-9", "0.3", "\"\"", #""a\ud800""#, "[0,0,1,1]", "[4,4,1,2.5]",
        ]
        switch depth < 4 ? Int.random(in: 0..<4, using: &random) : 0 {
        case 1: return "[\(several { value(&$0, depth: depth + 1) })]"
        case 2, 3:
            return depth == 0
                ? "[\(several { value(&$0, depth: 1) })]" : "{\(several { member(&$0, depth: depth + 1) })}"
        default: return plain.randomElement(using: &random) ?? "null"
        }
    }

    private func member(_ random: inout SeededGenerator, depth: Int) -> String {
        let key = ["box", "box", "label", "score", "text", "b\\u006fx", ""].randomElement(using: &random) ?? "box"
        return "\"\(key)\":\(value(&random, depth: depth))"
    }
}
