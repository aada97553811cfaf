import Images
import Model
import Synchronization
import SystemPackage

/// What a model's own detector sees in the pictures of posts, where no outside detector has looked.
extension EvidencePreparation {
    /// The same posts with the objects among their regions; as they are where the model has no detector.
    func lookedAt(_ posts: EvidenceData.Posts, _ data: EvidenceData) throws -> EvidenceData.Posts {
        // Most models have none, and need not be read for that.
        guard try ModelDirectory(model).configuration().objects != nil else { return posts }
        let grounder = try Grounder(directory: model)
        var posts = posts
        for (kind, folder) in [
            (\EvidenceData.Posts.real, data.images), (\.pictured, data.pictured),
            (\.made, data.photographs?.appending("images")),
        ] {
            guard let folder else { continue }
            let wanted = posts[keyPath: kind].filter(\.isUnseen).compactMap(\.image)
            let found = try objects(in: Array(Set(wanted)).sorted(), from: folder, grounder)
            for index in posts[keyPath: kind].indices where posts[keyPath: kind][index].isUnseen {
                guard let image = posts[keyPath: kind][index].image else { continue }
                posts[keyPath: kind][index].regions = (found[image] ?? []) + posts[keyPath: kind][index].regions
            }
        }
        return posts
    }

    /// The objects that it sees in each blank picture, where there are none.
    func objectsInBlanks() throws -> [String: [SeenRegion]] {
        guard try ModelDirectory(model).configuration().objects != nil else { return [:] }
        return try objects(in: BlankPicture.names, from: "", Grounder(directory: model))
    }

    private func objects(
        in images: [String], from folder: FilePath, _ grounder: Grounder
    ) throws -> [String: [SeenRegion]] {
        guard let preparation = grounder.objectImageSize.map(ImageToPixels.init) else { return [:] }
        let source = PictureSource(root: folder)
        let found = Mutex([String: [SeenRegion]]())
        // As the filter decodes it, which makes patches of the same picture.
        let side = max(preparation.size, grounder.imageSize ?? 0)
        try pool.run(pool.workers) { (lane) throws(TrainingError) in
            do {
                let worker = try grounder.makeWorker()
                for index in stride(from: lane, to: images.count, by: pool.workers) {
                    let picture = try PatchCache.picture(PictureView(image: images[index]), source, side: side)
                    let objects = try worker.objects(in: preparation.matrix(of: picture))
                    found.withLock { $0[images[index]] = objects }
                }
            } catch {
                throw TrainingError(error)
            }
        }
        return found.withLock { $0 }
    }
}

extension EvidencePost {
    /// Whether no outside detector has looked at its picture.
    fileprivate var isUnseen: Bool { image != nil && !regions.areDetected }
}
