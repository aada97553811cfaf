import Foundation

/// The package's own sources, as text.
struct Sources {
    /// One file.
    struct File: CustomStringConvertible {
        /// Below the package's folder.
        let path: String
        /// The folder below `Sources` that it is in.
        let target: String
        let lines: [String]
        var description: String { path }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A file of the package.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// All Swift files below `Sources`.
    static func files() throws -> [File] {
        let folder = root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            File(
                path: "Sources/\(name)", target: String(name.prefix { $0 != "/" }),
                lines: try text("Sources/\(name)").components(separatedBy: "\n").dropLast())
        }
    }
}
