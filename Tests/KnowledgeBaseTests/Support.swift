import Foundation
import SystemPackage

@testable import KnowledgeBase

/// Lends `body` a folder that is gone afterwards.
func withFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(component: "knowledge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(FilePath(folder.path()))
}

/// A base of some entries; it stays open when its file is gone.
func base(_ entries: [KnowledgeEntry]) throws -> KnowledgeBase {
    try withFolder { folder in
        let path = folder.appending("kb")
        try builder(entries).write(to: path)
        return try KnowledgeBase(path)
    }
}

func builder(_ entries: [KnowledgeEntry]) -> IndexBuilder {
    var builder = IndexBuilder()
    for entry in entries { builder.add(entry) }
    return builder
}

/// An index in memory.
func index(_ entries: [KnowledgeEntry]) throws -> [UInt8] { try Array(builder(entries).contents().joined()) }

/// Opens bytes as an index.
func open(_ bytes: [UInt8]) throws -> KnowledgeBase {
    try withFolder { folder in
        let path = folder.appending("kb")
        try Data(bytes).write(to: URL(filePath: path.string))
        return try KnowledgeBase(path)
    }
}

/// Entries of all kinds, all of them made up.
let examples: [KnowledgeEntry] = [
    KnowledgeEntry(name: "Ada Example", aliases: ["A. Example"], id: "Q1", type: "PER", description: "an inventor"),
    KnowledgeEntry(name: "Exville", id: "Q2", type: "LOC", description: "a town where someone may stay"),
    KnowledgeEntry(name: "New Exville", id: "Q3", type: "LOC"),
    KnowledgeEntry(name: "Exville", id: "Q4", type: "ORG", weight: 2),
    KnowledgeEntry(name: "Exville Rovers", aliases: ["Exville"], id: "Q5", type: "ORG", weight: 9),
    KnowledgeEntry(name: "Zoë’s Café", id: "Q6", type: "ORG"),
    KnowledgeEntry(name: "apple", id: "Q7", type: "OTHER"),
    KnowledgeEntry(name: "Apple", id: "Q8", type: "ORG"),
    KnowledgeEntry(name: "US", id: "Q9", type: "LOC"),
    KnowledgeEntry(name: "Stay", id: "Q10", type: "OTHER"),
    KnowledgeEntry(name: "Love Live!", id: "Q11"),
    KnowledgeEntry(name: "The Who", id: "Q12", type: "ORG"),
    KnowledgeEntry(name: "東京タワー", id: "Q13", type: "LOC"),
    KnowledgeEntry(name: "1984", id: "Q14", type: "OTHER"),
    KnowledgeEntry(name: "Unlisted"),
    KnowledgeEntry(name: "The Y", id: "Q15", type: "ORG"),
]
