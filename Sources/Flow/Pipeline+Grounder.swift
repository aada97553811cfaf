package import Images
package import Model
package import SystemPackage

extension Pipeline {
    /// Opens a model and prepares a stream through it: pictures of `source` are loaded as the model wants them, if it
    /// looks at pictures.
    package static func opening(
        _ directory: FilePath, pictures source: PictureSource?, plan: Plan
    ) throws(PipelineError) -> Pipeline<Grounder> where Model == Grounder {
        let grounder: Grounder
        do throws(ModelError) {
            grounder = try Threads.perform { Result { () throws(ModelError) in try Grounder(directory: directory) } }
                .get()
        } catch {
            throw error.shortage.map(PipelineError.system) ?? .model(error)
        }
        var pictures: PatchPictures?
        if let source, let size = grounder.imageSize, let patch = grounder.patchSize {
            pictures = PatchPictures(
                source: source,
                preparation: ImageToPatches(
                    size: size, patch: patch, pixels: grounder.objectImageSize.map(ImageToPixels.init)))
        }
        return try Pipeline(model: grounder, pictures: pictures, plan: plan)
    }
}
