import JSON
package import SystemPackage

/// The mean of several models that were trained from the same start: one model that is often better than each (model soups,
/// Wortsman et al. 2022, section 2).
package struct ModelAverage {
    private let directories: [ModelDirectory]
    private let configurations: [ModelConfiguration]
    private let network: Network
    private let vocabulary: [UInt8]

    /// Opens models and checks that they are of one kind: the same method, shapes, types and vocabulary.
    ///
    /// - Throws: ``ModelError`` that names the model that is not like the first.
    package init(_ paths: [FilePath]) throws(ModelError) {
        directories = try paths.map { (path) throws(ModelError) in try ModelDirectory(path) }
        configurations = try directories.map { directory throws(ModelError) in try directory.configuration() }
        guard let first = configurations.first, let directory = directories.first else {
            throw ModelError(.invalid, "no models to average")
        }
        network = try Network(first)
        vocabulary = try directory.vocabularyBytes()
        for (other, configuration) in zip(directories, configurations).dropFirst() {
            let isLike =
                configuration.method.name == first.method.name && configuration.types == first.types
                && configuration.parents == first.parents
                && configuration.lowercase == first.lowercase
            guard isLike, try Self.shapes(Network(configuration)) == Self.shapes(network),
                try other.vocabularyBytes() == vocabulary
            else { throw ModelError(.invalid, "\(other.path): not a model like \(directory.path)") }
        }
    }

    /// Writes the mean of all numbers. The lines that make probabilities are those of the first model: they have to be
    /// fitted again.
    package func write(_ writer: ModelWriter) throws(ModelError) {
        let checkpoints = try zip(directories, configurations).map { (directory, configuration) throws(ModelError) in
            try directory.checkpoint(configuration)
        }
        var configuration = network.configuration
        configuration.training = .object([.init("mean_of", .array(configurations.map { $0.training ?? .null }))])
        try writer.write(
            configuration, vocabulary: vocabulary,
            ModelWriter.Part.files(of: network.reading, values: mean(network.reading, checkpoints))
                + ModelWriter.Part.files(of: network.seeing, values: mean(network.seeing, checkpoints)))
    }

    private static func shapes(_ network: Network) -> [String] {
        (network.reading.entries + network.seeing.entries).map { entry in
            "\(entry.names) \(entry.parameter.rows) \(entry.parameter.columns)"
        }
    }

    private func mean(
        _ layout: ParameterLayout, _ checkpoints: [Checkpoint]
    ) throws(ModelError) -> (ParameterLayout.Entry) -> [Float] {
        let values = try checkpoints.map { checkpoint throws(ModelError) in try checkpoint.load(layout) }
        return { entry in
            var sum = values[0].array(entry.parameter)
            for other in values.dropFirst() {
                let numbers = other.array(entry.parameter)
                for index in sum.indices { sum[index] += numbers[index] }
            }
            return sum.map { $0 / Float(values.count) }
        }
    }
}
