import Files
import FoundationEssentials
package import SystemPackage
package import Weights

/// Writes models and encoders to disk, so that nobody ever reads half of one: each file is complete before it gets its
/// name, and `config.json`, without which a directory is no model, comes last.
package struct ModelWriter: Sendable {
    /// One weight file: a layout, and where its numbers come from.
    package struct Part {
        let file: String
        let entries: [ParameterLayout.Entry]
        let values: (ParameterLayout.Entry) -> [Float]

        /// Parameters that go into a file of this name.
        package init(
            _ file: String, _ layout: ParameterLayout, values: @escaping (ParameterLayout.Entry) -> [Float]
        ) {
            self.init(file: file, entries: layout.entries, values: values)
        }

        /// The weight files of a layout, each with what belongs there (``ParameterLayout/file``).
        package static func files(
            of layout: ParameterLayout, values: @escaping (ParameterLayout.Entry) -> [Float]
        ) -> [Part] {
            layout.files.map { file in
                Part(file: file, entries: layout.entries.filter { $0.file == file }, values: values)
            }
        }

        private init(
            file: String, entries: [ParameterLayout.Entry], values: @escaping (ParameterLayout.Entry) -> [Float]
        ) {
            self.file = file
            self.entries = entries
            self.values = values
        }
    }

    /// Where the model goes.
    package let directory: FilePath
    /// How matrices and tables are kept; vectors stay F32.
    package let storage: SafetensorsWriter.Storage

    /// Creates the directory where it is missing.
    package init(_ directory: FilePath, storage: SafetensorsWriter.Storage) throws(ModelError) {
        self.directory = directory
        self.storage = storage
        do throws(FileError) {
            try Folder.create(directory)
        } catch {
            throw ModelError(.unwritten, error.description)
        }
    }

    /// Writes a whole model; its configuration names the files that the parts are in. Where there is a model already,
    /// nobody ever sees some files of the one and some of the other.
    package func write(
        _ configuration: ModelConfiguration, vocabulary: [UInt8], _ parts: [Part]
    ) throws(ModelError) {
        var configuration = configuration
        configuration.weights = parts.map(\.file)
        if (try? directory.appending("config.json").stat()) != nil {
            return try replace(configuration, vocabulary: vocabulary, parts)
        }
        for part in parts { try write(part) }
        try write(vocabulary, to: "vocab.txt")
        try write(json: configuration)
    }

    /// Writes one weight file.
    package func write(_ part: Part) throws(ModelError) { try write(part, to: part.file) }

    /// Writes one weight file under another name.
    func write(_ part: Part, to file: String) throws(ModelError) {
        let declarations = part.entries.flatMap { entry in
            entry.names.map { name in
                let rows = entry.parameter.rows / entry.names.count
                let shape = rows == 1 ? [entry.parameter.columns] : [rows, entry.parameter.columns]
                let kept = entry.kind == .vector || rows == 1 ? .float32 : storage
                return SafetensorsWriter.Declaration(name, shape: shape, as: kept)
            }
        }
        do throws(FileError) {
            var writer = try SafetensorsWriter(
                directory.appending(file), tensors: declarations, metadata: ["format": "pt"])
            for entry in part.entries {
                let values = part.values(entry)
                let size = values.count / entry.names.count
                for (index, name) in entry.names.enumerated() {
                    try writer.write(name, values.span.extracting(index * size..<(index + 1) * size))
                }
            }
            try writer.finish()
        } catch {
            throw ModelError(.unwritten, error.description)
        }
    }

    /// Writes `config.json`, keys in order.
    package func write(json configuration: some Encodable) throws(ModelError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try write(Array(encoder.encode(configuration)) + Array("\n".utf8), to: "config.json")
        } catch {
            throw (error as? ModelError) ?? ModelError(.invalid, "config.json: \(error)")
        }
    }

    /// Writes a file whole.
    package func write(_ bytes: [UInt8], to name: String) throws(ModelError) {
        do throws(FileError) {
            try AtomicFile.write(bytes, to: directory.appending(name))
        } catch {
            throw ModelError(.unwritten, error.description)
        }
    }
}
