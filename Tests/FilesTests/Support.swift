import Foundation
import SystemPackage

/// Lends `body` a folder that is gone afterwards.
func withFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(component: "files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(FilePath(folder.path()))
}

func write(_ text: String, to path: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: path.string))
}

func read(_ path: FilePath) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
}

func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
}
