import Files
import FoundationEssentials
import JSON
package import SystemPackage
import Text
import Weights

/// The files of a model on disk. Their folder stays open: all are of this one, even where another takes its name before the last
/// of them is read, so that two models are never mixed.
package struct ModelDirectory: Sendable {
    private let folder: OpenFolder

    /// Where they are.
    package var path: FilePath { folder.path }

    /// Opens a model's folder; none of its files is read yet.
    package init(_ path: FilePath) throws(ModelError) {
        do throws(FileError) {
            folder = try OpenFolder(path)
        } catch {
            // The file that is missed first, whether its folder is there or not.
            throw Self.failure(FileError(path.appending(Self.configurationFile), error.message, cause: error.cause))
        }
    }

    /// `vocab.txt`: one word piece a line.
    package var vocabulary: FilePath { path.appending(Self.vocabularyFile) }

    private var file: FilePath { path.appending(Self.configurationFile) }

    private static let configurationFile = FilePath.Component("config.json")
    private static let vocabularyFile = FilePath.Component("vocab.txt")

    /// Reads and checks `config.json`. Members that this package does not know are refused: a model with a part that is
    /// not run would give other answers than it was trained for.
    package func configuration() throws(ModelError) -> ModelConfiguration {
        // Read once: it may be replaced by another model's at any moment.
        let bytes = try read(Self.configurationFile, maxBytes: Self.longestConfiguration)
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
        try decode(type, read(Self.configurationFile, maxBytes: Self.longestConfiguration), check)
    }

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

    /// What `vocab.txt` holds, as it is.
    func vocabularyBytes() throws(ModelError) -> [UInt8] {
        try read(Self.vocabularyFile, maxBytes: Self.longestVocabulary)
    }

    /// Reads the vocabulary.
    func wordPiece(lowercase: Bool) throws(ModelError) -> WordPiece {
        do throws(FileError) {
            let contents = try WholeFile.read(Self.vocabularyFile, in: folder, maxBytes: Self.longestVocabulary)
            return try WordPiece(vocabulary: contents, lowercase: lowercase, of: vocabulary)
        } catch {
            throw ModelError(error)
        }
    }

    /// Opens the weight files that a configuration names; each stays open as long as the checkpoint is held.
    package func checkpoint(_ configuration: ModelConfiguration) throws(ModelError) -> Checkpoint {
        try checkpoint(of: weights(of: configuration))
    }

    /// Opens weight files by their names.
    package func checkpoint(of names: [FilePath.Component]) throws(ModelError) -> Checkpoint {
        do throws(FileError) {
            return try Checkpoint(
                names.map { (name) throws(FileError) in try SafetensorsFile(name, in: folder) })
        } catch {
            throw ModelError(error)
        }
    }

    /// Names of weight files; ``ModelConfiguration/validate()`` has seen to it that they are names.
    private func weights(of configuration: ModelConfiguration) -> [FilePath.Component] {
        configuration.weights.compactMap { FilePath.Component($0) }
    }

    /// Checksum of everything that an answer depends on: configuration, vocabulary, weights.
    package func checksum() throws(ModelError) -> UInt32 {
        var checksum = CRC32C()
        for file in try [Self.configurationFile, Self.vocabularyFile] + weights(of: configuration()) {
            let bytes = try read(file, maxBytes: 1 << 34)
            unsafe checksum.update(bytes.span.bytes)
        }
        return checksum.value
    }

    private static let longestConfiguration = 4 << 20
    private static let longestVocabulary = 64 << 20

    private func read(_ name: FilePath.Component, maxBytes: Int) throws(ModelError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(name, in: folder, maxBytes: maxBytes)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: FileError) -> ModelError {
        ModelError(
            error.cause == .noSuchFileOrDirectory ? .missing : .invalid, error.description, shortage: error.shortage)
    }
}
