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
        let bytes = try Self.read(file, maxBytes: Self.longestConfiguration)
        let configuration = try decode(ModelConfiguration.self, bytes) { (configuration) throws(ModelError) in
            _ = try configuration.validate()
        }
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

    /// Reads `config.json` as something else, an encoder's; `check` says what of it cannot be, and may change it before.
    func json<Content: Decodable>(
        _ type: Content.Type, check: (inout Content) throws(ModelError) -> Void = { (_) throws(ModelError) in }
    ) throws(ModelError) -> Content {
        try decode(type, Self.read(file, maxBytes: Self.longestConfiguration), check)
    }

    private var file: FilePath { path.appending("config.json") }

    private func decode<Content: Decodable>(
        _ type: Content.Type, _ bytes: [UInt8], _ check: (inout Content) throws(ModelError) -> Void
    ) throws(ModelError) -> Content {
        do {
            var content = try JSONDecoder().decode(type, from: Data(bytes))
            try check(&content)
            return content
        } catch let error as ModelError {
            throw ModelError(error.code, "\(file): \(error.message)")
        } catch {
            let reason = DecodingReason.text(error, bytes) { _ = try JSONDecoder().decode(type, from: Data($0)) }
            throw ModelError(.invalid, "\(file): \(reason)")
        }
    }

    /// Opens the weight files that a configuration names.
    package func checkpoint(_ configuration: ModelConfiguration) throws(ModelError) -> Checkpoint {
        try Checkpoint(configuration.weights.map { path.appending($0) })
    }

    /// Checksum of everything that an answer depends on: configuration, vocabulary, weights.
    package func checksum() throws(ModelError) -> UInt32 {
        var checksum = CRC32C()
        let weights = try configuration().weights.map { path.appending($0) }
        for file in [file, vocabulary] + weights {
            let bytes = try Self.read(file, maxBytes: 1 << 34)
            unsafe checksum.update(bytes.span.bytes)
        }
        return checksum.value
    }

    private static let longestConfiguration = 4 << 20

    /// A whole file, of at most 64 MiB unless told otherwise.
    static func read(_ file: FilePath, maxBytes: Int = 64 << 20) throws(ModelError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(file, maxBytes: maxBytes)
        } catch {
            throw ModelError(error.cause == .noSuchFileOrDirectory ? .missing : .invalid, error.description)
        }
    }
}
