import Files
import FoundationEssentials
import JSON
package import SystemPackage

/// The files of a model on disk.
package struct ModelDirectory: Sendable {
    /// Where they are.
    package let path: FilePath

    /// A model at a path; nothing is read yet.
    package init(_ path: FilePath) {
        self.path = path
    }

    /// `vocab.txt`: one word piece a line.
    package var vocabulary: FilePath { path.appending("vocab.txt") }

    /// Reads and checks `config.json`. Members that this package does not know are refused: a model with a part that is
    /// not run would give other answers than it was trained for.
    package func configuration() throws(ModelError) -> ModelConfiguration {
        // Read once: it may be replaced by another model's at any moment.
        let bytes = try Self.read(file)
        let configuration = try decode(ModelConfiguration.self, bytes)
        // What format 1 says stands elsewhere now.
        guard configuration.readsFormat == ModelConfiguration.currentFormat else { return configuration }
        do {
            let said = try JSONValue(parsing: bytes)
            let known = try JSONValue(parsing: Array(JSONEncoder().encode(configuration)))
            if let unknown = said.members(missingIn: known).first {
                throw ModelError(.unsupported, "\(file): \(unknown) is nothing that this package knows")
            }
        } catch {
            throw (error as? ModelError) ?? ModelError(.invalid, "\(file): \(error)")
        }
        return configuration
    }

    /// Reads `config.json` as something else: an encoder's.
    func json<Content: Decodable>(_ type: Content.Type) throws(ModelError) -> Content {
        try decode(type, Self.read(file))
    }

    private var file: FilePath { path.appending("config.json") }

    private func decode<Content: Decodable>(_ type: Content.Type, _ bytes: [UInt8]) throws(ModelError) -> Content {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw (error as? ModelError) ?? ModelError(.invalid, "\(file): \(Self.reason(error))")
        }
    }

    /// Opens the weight files that a configuration names.
    package func checkpoint(_ configuration: ModelConfiguration) throws(ModelError) -> Checkpoint {
        try Checkpoint(configuration.weights.map { path.appending($0) })
    }

    /// A whole file of at most 64 MiB.
    static func read(_ file: FilePath) throws(ModelError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(file, maxBytes: 64 << 20)
        } catch {
            throw ModelError(error.cause == .noSuchFileOrDirectory ? .missing : .invalid, error.description)
        }
    }

    /// What a JSON decoder stumbled over, in one line.
    private static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
            return keys.isEmpty ? context.debugDescription : "\(keys): \(context.debugDescription)"
        }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context)?:
            "\((context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")) is missing"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?, .dataCorrupted(let context)?:
            place(context)
        default: "\(error)"
        }
    }
}
