import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Text
@testable import Corpora
@testable import Randomness

@Suite("CoNLL files and their traps")
struct CoNLLReaderTests {
    private func read(_ contents: String, _ reader: CoNLLReader = CoNLLReader(inventory: .coarse)) throws
        -> LabelledData
    {
        let folder = try DataFolder(["a.txt": contents])
        return try reader.read(folder.file("a.txt"))
    }

    @Test func idsAreStringsAndPostsWithoutEntitiesStay() throws {
        let data = try read("IMGID:007\na\tO\n\nIMGID:O_3437\nNick\tB-PER\nJonas\tI-PER\n\nIMGID:16_05_20_112\nb\tO\n")
        #expect(data.posts.map(\.id) == ["007", "O_3437", "16_05_20_112"])
        #expect(data.posts.map(\.line) == [1, 4, 8])
        #expect(data.posts.map { $0.entities.map(\.short) } == [[], ["0-2 PER"], []])
        #expect(data.posts[1].entities[0].boxes == nil)
        #expect(data.notes.isEmpty)
    }

    @Test func offsetsCountScalarsOfTheJoinedText() throws {
        let post = try #require(read("IMGID:1\n👍🏽\tO\nBeyonce\u{301}\tB-PER\n!\tO\n").posts.first)
        #expect(post.text == "👍🏽 Beyonce\u{301} !")
        #expect(post.wordScalars == [0..<2, 3..<11, 12..<13])
        #expect(post.entities[0].scalars == 3..<11)
        #expect(post.entities[0].name == "Beyonce\u{301}")
    }

    @Test func touchingEntitiesAreTwo() throws {
        let data = try read("IMGID:1\na\tB-PER\nb\tB-PER\nc\tI-PER\nd\tB-LOC\n")
        #expect(data.posts[0].entities.map(\.short) == ["0-1 PER", "1-3 PER", "3-4 LOC"])
    }

    @Test(arguments: [
        (TagSet.OrphanRule.strict, ["0-1 PER", "5-6 ORG"]),
        (.lenient, ["0-1 PER", "1-2 LOC", "3-5 ORG", "5-6 ORG"]),
    ])
    func orphansGoByTheRule(_ rule: TagSet.OrphanRule, _ expected: [String]) throws {
        let text = "IMGID:1\na\tB-PER\nb\tI-LOC\nc\tO\nd\tI-ORG\ne\tI-ORG\nf\tB-ORG\n"
        let data = try read(text, CoNLLReader(inventory: .coarse, orphans: rule))
        #expect(data.posts[0].entities.map(\.short) == expected)
        #expect(data.notes.count == 1 && data.notes[0].line == 3)
    }

    /// Both decoders of tags, the reader's and the tag set's, are the same on random sequences.
    @Test func readerAndTagSetDecodeAlike() throws {
        let tags = TagSet(.coarse)
        var random = SeededGenerator(seed: 3)
        for rule in TagSet.OrphanRule.allCases {
            for _ in 0..<50 {
                let sequence = (0..<8).map { _ in Int.random(in: 0..<tags.count, using: &random) }
                let lines = sequence.map { "w\t" + tags.name(of: $0) }.joined(separator: "\n")
                let post = try #require(
                    read("IMGID:1\n\(lines)\n", CoNLLReader(inventory: .coarse, orphans: rule)).posts.first)
                let spans = tags.spans(of: sequence, orphans: rule)
                #expect(post.entities.map(\.words) == spans.map(\.words))
                #expect(post.entities.map(\.type) == spans.map { tags.inventory.names[$0.type] })
            }
        }
    }

    @Test func spellingsOfOneTypeAreOne() throws {
        let text = "IMGID:1\na\tB-MISC\nb\tB-other\nc\tB-OTHER\n"
        #expect(try read(text).posts[0].entities.map(\.type) == ["OTHER", "OTHER", "OTHER"])
        let reader = CoNLLReader(inventory: DataFormat.twitter2017.inventory)
        #expect(try read(text, reader).posts[0].entities.map(\.type) == ["MISC", "MISC", "MISC"])
        #expect(try read(text, CoNLLReader()).posts[0].entities.map(\.type) == ["MISC", "other", "OTHER"])
    }

    @Test func characterReferencesStayAsTheyAre() throws {
        #expect(try read("IMGID:1\n&amp\tO\n;\tO\n").posts[0].text == "&amp ;")
    }

    @Test func threeColumnsHaveFineTypes() throws {
        let reader = CoNLLReader(inventory: .fmnergCoarse, fineInventory: .fmnergFine)
        let text = "IMGID:1\nPak\tB-building\tB-building_other\nBo\tB-person\tB-actor\nX\tI-person\tI-actor\n"
        let entities = try read(text, reader).posts[0].entities
        #expect(entities.map(\.short) == ["0-1 building", "1-3 person"])
        #expect(entities.map(\.fineType) == ["building_other", "actor"])
    }

    @Test func aLastPostNeedsNoBlankLineAndLinesMayEndInCR() throws {
        let data = try read("\u{FEFF}IMGID:1\r\na\tB-PER\r\n\r\nIMGID:2\r\nb\tO")
        #expect(data.posts.map(\.words) == [["a"], ["b"]])
        // A new IMGID line ends a post as well.
        #expect(try read("IMGID:1\na\tO\nIMGID:2\nb\tO\n").posts.count == 2)
    }

    @Test func postsWithoutIDsAreNumbered() throws {
        let data = try read("a\tB-PER\n\nb\tO\n\n\nc\tI-LOC\n")
        #expect(data.posts.map(\.id) == ["1", "2", "3"])
        #expect(data.notes[0].line == 6)
    }

    /// Columns of CoNLL-2003 and CoNLL-2000, with spaces, and blank lines that are not empty.
    @Test(arguments: [
        "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nin IN I-PP O\n\nRome NNP I-NP I-LOC\n",
        "-DOCSTART-\tO\n\nEU\tB-ORG\nin\tO\n\t\nRome\tB-LOC\n", "EU NNP B-ORG\nin IN O\n \t \nRome NNP B-LOC\n",
        "EU B-ORG\nin O\n\u{A0}\n\nRome  B-LOC \n", "EU\tNNP\tB-ORG\nin\tIN\tO\n\nRome\tNNP\tB-LOC\n",
        "IMGID:1\nEU x B-ORG\nin x O\nIMGID:2\nRome x B-LOC\n",
    ]) func columnsOfOtherDataSets(text: String) throws {
        let data = try read(text)
        #expect(data.posts.map(\.words) == [["EU", "in"], ["Rome"]])
        #expect(data.posts.flatMap(\.entities).map(\.short) == ["0-1 ORG", "0-1 LOC"])
        #expect(data.posts.map(\.id) == ["1", "2"])
        #expect(data.posts.allSatisfy { ($0.givenID == nil) == !text.hasPrefix("IMGID") })
    }

    @Test func postsOfTheSameIDAreNumbered() throws {
        let data = try read("IMGID:1\na\tO\n\nIMGID:1\nb\tO\n\nIMGID:1~2\nc\tO\nIMGID:1\nd\tO\n")
        #expect(data.posts.map(\.id) == ["1", "1~3", "1~2", "1~4"])
        #expect(data.posts.map(\.sourceID) == ["1", "1", "1~2", "1"])
        #expect(data.notes.map(\.line) == [4])
    }

    @Test(arguments: [
        ("IMGID:1\nword\n", "a.txt:2: no tag behind the word"),
        ("IMGID:1\na\tO\nNew York\n", "a.txt:3: no tab between word and tag"),
        ("a O\nb\tO\n", "a.txt:2: no tag behind the word"),
        ("a NN I-NP PER\n", "a.txt:1: “PER” is no BIO tag"),
        ("IMGID:1\na\tO\nb\tO\tO\n", "a.txt:3: 3 columns, but 2 before"),
        ("IMGID:1\n\tO\n", "a.txt:2: an empty word"),
        ("IMGID:1\na\tB-CITY\n", "a.txt:2: unknown type CITY; known: PER LOC ORG OTHER"),
        ("IMGID:1\na\tPER\n", "a.txt:2: “PER” is no BIO tag"),
        ("IMGID:1\na\tB-\n", "a.txt:2: “B-” is no BIO tag"),
        ("IMGID:\na\tO\n", "a.txt:1: “” is no id"),
        ("a\tO\n\nIMGID:1\nb\tO\n", "a.txt:3: an IMGID: line, but posts before had none"),
        ("IMGID:1\na\tO\n\nb\tO\n", "a.txt:4: a post without IMGID: line"),
        ("IMGID:1\na\tB-PER\tO\n", "a.txt:2: the coarse tag is B-PER, but the fine one is O"),
    ])
    func faultsNameFileAndLine(_ contents: String, _ message: String) throws {
        let folder = try DataFolder(["a.txt": contents])
        #expect(folder.error { _ = try CoNLLReader(inventory: .coarse).read(folder.file("a.txt")) } == message)
    }

    @Test func filesThatAreNoneAreNamed() throws {
        let folder = try DataFolder(["a.txt": "IMGID:1\n"])
        try folder.write("b.txt", Array("IMGID:1\na\tO\n".utf8) + [0xFF, 0x0A])
        let reader = CoNLLReader()
        #expect(folder.error { _ = try reader.read(folder.file("b.txt")) } == "b.txt:3: not UTF-8")
        #expect(folder.error { _ = try reader.read(folder.file("c.txt")) } == "c.txt: No such file or directory")
        #expect(folder.error { _ = try reader.read(folder.path) }?.hasSuffix("Is a directory") == true)
        #expect(try reader.read(folder.file("a.txt")).posts.map(\.words) == [[]])
    }

    @Test(arguments: [
        ("x.ndjson", "{}", DataFormat.ndjson), ("x.jsonl", "", .ndjson), ("x.json", "{}", .ccks),
        ("x.txt", "IMGID:1\na\tB-PER\n", .gmner), ("x.txt", "IMGID:1\na\tB-MISC\n", .twitter2017),
        ("x.txt", "IMGID:1\na\tB-art\tB-music\n", .fmnerg), ("x.txt", "IMGID:1\na\tB-CITY\n", .conll),
        ("x.txt", "{\"id\":1}\n", .ndjson), ("x.txt", "", .gmner),
        ("x.txt", "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nx NN O I-MISC\n", .twitter2017),
        ("x.txt", " \t\na NN B-PER\n", .gmner),
    ])
    func formatsAreGuessed(_ name: String, _ contents: String, _ format: DataFormat) throws {
        let folder = try DataFolder([name: contents])
        #expect(try DataFormat.guess(folder.file(name), DataFile.read(folder.file(name))) == format)
    }
}
