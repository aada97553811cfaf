import Model
import Images
import Kernels
import Reporting
import Synchronization
package import SystemPackage
package import Weights
import Files
import FoundationEssentials

/// What a patch encoder makes of a set of pictures, in a file: encoding is most of the work of training what stands
/// on a frozen encoder, and is the same in every epoch and every run.
///
/// A safetensors file with one tensor of `tokens × width` a picture, under the picture's name, mapped when it is read.
package struct PatchCache: Sendable {
    /// Tokens of a picture, CLS first.
    package let rows: Int
    /// Columns of a token.
    package let width: Int
    private let tensors: [String: TensorView<Float>]

    /// Opens a cache.
    ///
    /// - Throws: ``TrainingError`` for a file of another kind.
    package init(_ path: FilePath) throws(TrainingError) {
        do throws(FileError) {
            let file = try SafetensorsFile(path, isMapped: true)
            let reader = WeightReader(file)
            var shape = [0, 0]
            var tensors: [String: TensorView<Float>] = [:]
            for (name, entry) in file.tensors {
                guard entry.shape.count == 2, shape == [0, 0] || shape == entry.shape,
                    let tensor = try reader.mapped(name, rows: entry.shape[0], columns: entry.shape[1])
                else { throw FileError(path, .tensor(name), "is not what a patch encoder makes") }
                shape = entry.shape
                tensors[name] = tensor
            }
            (rows, width) = (shape[0], shape[1])
            self.tensors = tensors
        } catch {
            throw TrainingError(.data, error.description)
        }
    }

    private init(rows: Int, width: Int, tensors: [String: TensorView<Float>]) {
        self.rows = rows
        self.width = width
        self.tensors = tensors
    }

    /// Opens a cache, which is made first where the file does not hold all of these pictures as they are now and as this
    /// model sees them; those that it does hold are taken over.
    ///
    /// - Parameters:
    ///   - pictures: pictures and parts of them, whose files are in `folder`, or blank ones.
    ///   - model: a model directory that grounds.
    ///   - pool: shares out the pictures.
    ///   - progress: how it is shown how many there are already.
    /// - Throws: ``TrainingError`` that names a picture that is not there or cannot be read.
    static func open(
        _ path: FilePath, pictures: [PictureView], in folder: FilePath, model: FilePath, pool: WorkerPool,
        progress: ProgressStyle = .none
    ) throws(TrainingError) -> PatchCache {
        do {
            let configuration = try ModelDirectory(model).configuration()
            guard let encoder = configuration.picture else {
                throw TrainingError(.settings, "the model has no encoder for pictures")
            }
            let origin = Origin(
                encoder: try fingerprint(configuration, of: model), shape: encoder,
                stamps: try PictureStamps(pictures, in: folder), folder: folder, progress: progress)
            let known = try known(path, pictures, origin)
            if let known, pictures.allSatisfy({ known[$0.name] != nil }) { return known }
            try write(path, pictures, known: known, of: origin, Grounder(directory: model), pool: pool)
        } catch {
            throw TrainingError(error)
        }
        return try PatchCache(path)
    }

    /// What a cache is made of.
    private struct Origin {
        /// Tells one encoder from another.
        var encoder: String
        var shape: PatchEncoderConfiguration
        /// Tells a picture from what was there before it.
        var stamps: PictureStamps
        var folder: FilePath
        var progress: ProgressStyle
    }

    /// What a file holds of these pictures that is still so; `nil` where there is none, or it is of another encoder.
    private static func known(
        _ path: FilePath, _ pictures: [PictureView], _ origin: Origin
    ) throws(TrainingError) -> PatchCache? {
        guard let file = try? SafetensorsFile(path), file.metadata["of"] == origin.encoder,
            let stamps = PictureStamps(file.metadata["pictures"])
        else { return nil }
        let cache = try PatchCache(path)
        guard (cache.rows, cache.width) == (origin.shape.tokens, origin.shape.width) else { return nil }
        let names = pictures.filter { stamps.areEqual(to: origin.stamps, for: $0) }.map(\.name)
        let tensors = names.compactMap { name in cache.tensors[name].map { (name, $0) } }
        return PatchCache(
            rows: cache.rows, width: cache.width, tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }))
    }

    /// The pictures of both.
    ///
    /// - Throws: ``TrainingError`` for pictures of other sizes, and for two that go by the same name.
    package func joined(with other: PatchCache) throws(TrainingError) -> PatchCache {
        guard rows == other.rows, width == other.width else {
            throw TrainingError(.data, "pictures of \(rows)×\(width) and of \(other.rows)×\(other.width) numbers")
        }
        if let name = other.tensors.keys.filter({ tensors[$0] != nil && BlankPicture($0) == nil }).min() {
            throw TrainingError(.data, "two pictures from different folders go by the name \(name)")
        }
        return PatchCache(
            rows: rows, width: width, tensors: tensors.merging(other.tensors, uniquingKeysWith: { $1 }))
    }

    /// The tokens of a picture; `nil` for one that is not here.
    package subscript(name: String) -> TensorView<Float>? { tensors[name] }

    private static func write(
        _ path: FilePath, _ pictures: [PictureView], known: PatchCache?, of origin: Origin, _ grounder: Grounder,
        pool: WorkerPool
    ) throws {
        let source = PictureSource(root: origin.folder)
        // What else a model makes of a picture decides at which size it is decoded.
        let preparation = ImageToPatches(
            size: origin.shape.imageSize, patch: origin.shape.patchSize,
            pixels: grounder.objectImageSize.map(ImageToPixels.init))
        let shape = [origin.shape.tokens, origin.shape.width]
        let writer = Mutex<SafetensorsWriter?>(
            try SafetensorsWriter(
                path, tensors: pictures.map { SafetensorsWriter.Declaration($0.name, shape: shape, as: .float32) },
                metadata: ["of": origin.encoder, "pictures": origin.stamps.text]))
        let progress = PreparationProgress(origin.progress, "pictures", total: pictures.count)
        defer { progress.finish() }
        try pool.run(pool.workers) { (lane) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                for index in stride(from: lane, to: pictures.count, by: pool.workers) {
                    let name = pictures[index].name
                    defer { progress.add(1) }
                    if let rows = known?[name] {
                        try writer.withLock { writer throws(FileError) in try writer?.write(name, rows.span) }
                        continue
                    }
                    let loaded = try preparation.load { side throws(ImageError) in
                        try picture(pictures[index], source, side: side)
                    }
                    let rows = try worker.see([PictureInput(patches: loaded.patches)])[0].tokens
                    try writer.withLock { writer throws(FileError) in try writer?.write(name, rows.span) }
                }
            } catch {
                throw TrainingError(error)
            }
        }
        try writer.withLock { $0.take() }?.finish()
    }

    /// A picture as it is shown, or a blank one.
    static func picture(
        _ view: PictureView, _ source: PictureSource, side: Int
    ) throws(ImageError) -> Picture {
        if let blank = BlankPicture(view.image) { return blank.picture(side: side) }
        return try view.picture(atLeast: side) { (name, side) throws(ImageError) in
            try source.picture(of: name, atLeast: side).whole()
        }
    }

    /// What tells one encoder from another: a checksum of its shape and its numbers. A detector beside it counts as far as it
    /// decides at which size pictures are decoded.
    private static func fingerprint(_ configuration: ModelConfiguration, of model: FilePath) throws -> String {
        let values = try ModelDirectory(model).checkpoint(configuration).load(Network(configuration).seeing)
        var sum = CRC32C()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let shape = try Array(encoder.encode(configuration.picture))
        sum.update(unsafe shape.span.bytes)
        for entry in values.layout.entries where entry.file != ObjectDetector.file {
            let numbers = values.array(entry.parameter)
            sum.update(unsafe numbers.span.bytes)
        }
        if let objects = configuration.objects { sum.update("\(objects.imageSize)") }
        return "\(sum.value)"
    }
}
