import Files
import Foundation
import JSON
import SystemPackage
import Testing

@testable import KnowledgeBase

@Suite("The index file of a knowledge base")
struct IndexTests {
    @Test func isTheSameForTheSameEntries() throws {
        #expect(try index(examples) == index(examples))
        #expect(try index(examples) != index(examples.reversed()))
    }

    @Test func holdsManyNames() throws {
        let entries = (0..<20_000).map { KnowledgeEntry(name: "Name \($0) of \($0 % 7)", id: "\($0)") }
        let base = try base(entries)
        #expect(base.count == 20_000)
        for number in stride(from: 0, to: 20_000, by: 37) {
            #expect(base.entities(named: "name \(number) OF \(number % 7)").map(\.id) == ["\(number)"])
            #expect(base.entities(named: "name \(number) of 8").isEmpty)
        }
    }

    @Test func countsWhatCannotBeFound() {
        let builder = builder([KnowledgeEntry(name: "1984"), KnowledgeEntry(name: "?"), KnowledgeEntry(name: "Ab")])
        #expect(builder.entries == 3 && builder.unnamed == 2)
    }

    @Test func mayBeEmpty() throws {
        let base = try base([])
        #expect(base.count == 0 && base.entities(named: "Exville").isEmpty && base.names(in: "Exville").isEmpty)
    }

    /// Those that have it open keep the old one.
    @Test func isReplacedWhole() throws {
        try withFolder { folder in
            let path = folder.appending("kb")
            try builder(examples).write(to: path)
            let old = try KnowledgeBase(path)
            try builder([]).write(to: path)
            #expect(old.entities(named: "New Exville").map(\.id) == ["Q3"])
            #expect(try KnowledgeBase(path).entities(named: "New Exville").isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["kb"])
        }
    }

    @Test func isToldFromOtherFiles() throws {
        let bytes = try index(examples)
        #expect(throws: FileError.self) { try open([]) }
        #expect(throws: FileError.self) { try open(Array("{\"name\":\"Exville\"}\n".utf8)) }
        var later = bytes
        later[8] = 2
        let error = #expect(throws: FileError.self) { try open(later) }
        #expect(error?.message.contains("build it again") == true)
        try withFolder { folder in
            #expect(throws: FileError.self) { try KnowledgeBase(folder) }
            #expect(throws: FileError.self) { try KnowledgeBase(folder.appending("none")) }
            #expect(!KnowledgeBase.isIndex(folder.appending("none")) && !KnowledgeBase.isIndex(folder))
            try builder([]).write(to: folder.appending("kb"))
            #expect(KnowledgeBase.isIndex(folder.appending("kb")))
        }
    }

    @Test func isRefusedWhereItIsCutOrLonger() throws {
        let bytes = try index(examples)
        for count in [1, 7, 8, 20, 63, 64, 65, bytes.count / 2, bytes.count - 1] {
            #expect(throws: FileError.self) { try open(Array(bytes[..<count])) }
        }
        #expect(throws: FileError.self) { try open(bytes + [0]) }
    }

    /// Each byte, and each number of the header, is something else: then it is refused, or a name is not found.
    @Test func damageCrashesNothing() throws {
        let bytes = try index(examples)
        try withFolder { folder in
            let path = folder.appending("kb")
            var taken = 0
            func tryOut(_ damaged: [UInt8]) throws {
                // Another file each time: one that is mapped must not change.
                try? FileManager.default.removeItem(atPath: path.string)
                try Data(damaged).write(to: URL(filePath: path.string))
                guard let base = try? KnowledgeBase(path) else { return }
                taken += 1
                for entry in examples { _ = base.entities(named: entry.name) }
                for name in base.names(in: "Ada Example went from New Exville to @Apple in US") {
                    #expect(!name.entities.isEmpty)
                }
            }
            for place in bytes.indices {
                var damaged = bytes
                damaged[place] = place % 2 == 0 ? 0xFF : damaged[place] ^ 0x80
                try tryOut(damaged)
            }
            for place in stride(from: 8, to: 64, by: 4) {
                for value in [UInt64.max, 1 << 63, 1 << 47, 1 << 32, 0x7FFF_FFFF_FFFF_FFFF] {
                    var damaged = bytes
                    for byte in 0..<min(8, 64 - place) {
                        damaged[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
                    }
                    try tryOut(damaged)
                }
            }
            // Most of it is read only when somebody asks.
            #expect(taken > bytes.count / 2)
        }
    }
}

@Suite("Entries of a knowledge base")
struct KnowledgeEntryTests {
    @Test func areReadFromObjects() throws {
        let line = #"{"name":"Exville","aliases":["Ex"],"qid":"Q1","type":"LOC","desc":"a town","weight":2.5,"x":[]}"#
        let entry = try KnowledgeEntry(JSONValue(parsing: Array(line.utf8)))
        #expect(
            entry
                == KnowledgeEntry(
                    name: "Exville", aliases: ["Ex"], id: "Q1", type: "LOC", description: "a town", weight: 2.5))
        let other = #"{"name":"Exville","id":"Q1","qid":"Q2","description":"","desc":null,"aliases":null}"#
        #expect(try KnowledgeEntry(JSONValue(parsing: Array(other.utf8))) == KnowledgeEntry(name: "Exville", id: "Q1"))
    }

    @Test(arguments: [
        "7", "[]", "{}", #"{"name":""}"#, #"{"name":" \n"}"#, #"{"name":7}"#, #"{"name":"a","aliases":"b"}"#,
        #"{"name":"a","aliases":[7]}"#, #"{"name":"a","type":7}"#, #"{"name":"a","id":7}"#, #"{"name":"a","desc":{}}"#,
        #"{"name":"a","weight":"1"}"#, #"{"name":"a","weight":-1}"#, #"{"name":"a","weight":1e999}"#,
        "{\"name\":\"\(String(repeating: "a", count: 5000))\"}",
        "{\"name\":\"a\",\"aliases\":[\(Array(repeating: "\"b\"", count: 5000).joined(separator: ","))]}",
    ])
    func areRefused(line: String) throws {
        let value = try JSONValue(parsing: Array(line.utf8))
        #expect(throws: KnowledgeEntryError.self) { try KnowledgeEntry(value) }
    }
}
