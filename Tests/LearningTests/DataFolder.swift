import Foundation
@testable import Learning
import SystemPackage
import Testing
@testable import Corpora

/// A folder of data files made up for a test, which goes away with its owner.
final class DataFolder {
    let path: FilePath

    init(_ files: [String: String] = [:]) throws {
        path = FilePath(NSTemporaryDirectory()).appending("gmner-data-\(UUID().uuidString)")
        for (name, contents) in files { try write(name, Array(contents.utf8)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    @discardableResult
    func write(_ name: String, _ contents: [UInt8]) throws -> FilePath {
        let file = path.appending(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(contents).write(to: URL(fileURLWithPath: file.string))
        return file
    }

    func file(_ name: String) -> FilePath { path.appending(name) }

    /// What reading a file says is wrong with it; the folder's own path is left out.
    func error(_ read: () throws -> Void) -> String? {
        do {
            try read()
            return nil
        } catch {
            return "\(error)".replacingOccurrences(of: path.string + "/", with: "")
        }
    }
}

extension LabelledEntity {
    /// `0-2 PER`, to compare with.
    var short: String { "\(words.lowerBound)-\(words.upperBound) \(type)" }
}
