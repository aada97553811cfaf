import Foundation
import SystemPackage

/// A folder of its own for one test, gone with the value.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("gmner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> FilePath {
        let file = path.appending(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
        return file
    }
}
