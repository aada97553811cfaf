import Files
package import SystemPackage
import Weights

/// Brings in a detector of objects: SSD on MobileNetV2 as TensorFlow's object detection API freezes it
/// (`frozen_inference_graph.pb`), or one that was brought in before.
package struct DetectorImport: Sendable {
    /// What the detector is like.
    package let configuration: ObjectDetectorConfiguration
    /// Its parameters.
    package let layout: ParameterLayout
    private let numbers: [[Float]]

    /// The name under which a directory keeps the weights.
    private static let file = FilePath.Component("model.safetensors")

    /// Reads a graph, or a directory that ``write(_:)`` made.
    ///
    /// - Parameters:
    ///   - labels: What the graph's classes are called, by their numbers from 1; classes without a name are left out. `nil`:
    ///     COCO's.
    ///   - imageSize: Another side of a graph's input picture than the published 300 pixels.
    /// - Throws: ``ModelError`` for a graph of another network, and for another number of labels than it has classes.
    package init(_ path: FilePath, labels: [String?]? = nil, imageSize: Int? = nil) throws(ModelError) {
        if let status = try? path.stat(), status.type == .directory {
            let directory = try ModelDirectory(path)
            configuration = try directory.json(ObjectDetectorConfiguration.self) { (shape) throws(ModelError) in
                try shape.validate()
            }
            layout = Self.layout(configuration)
            let checkpoint = try directory.checkpoint(of: [Self.file])
            try checkpoint.check(layout)
            let values = try checkpoint.load(layout)
            numbers = layout.entries.map { values.array($0.parameter) }
            return
        }
        do throws(FileError) {
            let graph = DetectorGraph(try FrozenGraph(path))
            let names = labels ?? COCOClasses.names
            guard let classes = graph.classes, classes == names.count else {
                throw FileError(
                    path,
                    "\(graph.classes.map { "tells \($0) classes" } ?? "is no SSD on MobileNetV2"), "
                        + "and \(names.count) have names here")
            }
            var shape = ObjectDetectorConfiguration(labels: names.compactMap(\.self))
            (shape.widths, shape.extras) = try graph.widths()
            shape.imageSize = imageSize ?? shape.imageSize
            configuration = shape
            layout = Self.layout(configuration)
            let kept = names.indices.filter { names[$0] != nil }
            numbers = try layout.entries.map { entry throws(FileError) in try graph.numbers(entry, classes: kept) }
        } catch {
            throw ModelError(.invalid, error.description)
        }
        try configuration.validate()
    }

    /// Numbers of the detector's parameters, in the order of its ``layout``.
    package func numbers(_ parameter: Parameter) -> [Float] { numbers[parameter.index] }

    /// Writes the detector as a directory of its own.
    package func write(_ writer: ModelWriter) throws(ModelError) {
        try writer.write(ModelWriter.Part(Self.file.string, layout) { numbers[$0.parameter.index] })
        try writer.write(json: configuration)
    }

    private static func layout(_ configuration: ObjectDetectorConfiguration) -> ParameterLayout {
        var layout = ParameterLayout()
        _ = ObjectDetector(configuration, in: &layout)
        return layout
    }
}
