package import Images
import Wire
import Geometry

/// Loads pictures from files and makes patches of them.
package struct PatchPictures: PictureLoading {
    private let source: PictureSource
    private let preparation: ImageToPatches

    /// Pictures of `source`, prepared as a model wants them.
    package init(source: PictureSource, preparation: ImageToPatches) {
        self.source = source
        self.preparation = preparation
    }

    /// Reads, decodes and prepares one picture.
    package func load(_ path: String) throws(PictureFailure) -> LoadedPicture {
        do throws(ImageError) {
            let picture = try source.picture(of: path, atLeast: preparation.size)
            return LoadedPicture(
                patches: preparation.matrix(of: picture),
                size: ImageSize(width: picture.originalWidth, height: picture.originalHeight))
        } catch {
            throw PictureFailure(code: error.code.rawValue, message: error.message)
        }
    }
}
