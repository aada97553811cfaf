package import SystemPackage

/// A model on disk, to be written again with its matrices kept in another way.
package struct ModelCopy {
    private let directory: ModelDirectory
    private let network: Network

    /// Whether a directory holds a model of this package, rather than an encoder's checkpoint.
    package static func isModel(_ path: FilePath) throws(ModelError) -> Bool {
        struct Format: Decodable {
            let gmner_format: Int?
        }
        return try ModelDirectory(path).json(Format.self).gmner_format != nil
    }

    /// Opens a model and checks it.
    package init(_ path: FilePath) throws(ModelError) {
        directory = try ModelDirectory(path)
        network = try Network(directory.configuration())
    }

    /// Writes the model; what it answers changes as far as the storage rounds.
    ///
    /// What reads text, what decides, and what sees are files of their own, as they are trained apart: a model with new
    /// heads shares the files of its encoders with the one before.
    package func write(_ writer: ModelWriter) throws(ModelError) {
        let checkpoint = try directory.checkpoint(network.configuration)
        let reading = try checkpoint.load(network.reading)
        let seeing = try checkpoint.load(network.seeing)
        try writer.write(
            network.configuration, vocabulary: directory.vocabularyBytes(),
            ModelWriter.Part.files(of: network.reading) { reading.array($0.parameter) }
                + ModelWriter.Part.files(of: network.seeing) { seeing.array($0.parameter) })
    }
}
