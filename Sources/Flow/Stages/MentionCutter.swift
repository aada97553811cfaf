import Geometry
import Images
import Model
import Wire

/// Cuts mentions that have a box out of their picture.
struct MentionCutter: Sendable {
    /// Pixels of a patch's side.
    let patch: Int
    /// What is asked for.
    let form: MaskForm

    /// Gives each mention with a box its pixels, or their outlines.
    ///
    /// - Parameters:
    ///   - patches: the picture as the patch encoder took it.
    ///   - features: what the patch encoder saw in it.
    ///   - size: that of the stored picture.
    ///   - deadline: When to leave the rest as it is.
    /// - Returns: how many were left.
    func cut(
        _ mentions: inout [Mention], out patches: [Float], _ features: PictureFeatures, _ size: ImageSize?,
        by deadline: Deadline
    ) -> Int {
        guard mentions.contains(where: { $0.box != nil }), let size, let cut = ObjectCut(patches: patches, patch: patch)
        else { return 0 }
        let graph = PatchGraph(features)
        var left = 0
        for index in mentions.indices {
            guard let box = mentions[index].box else { continue }
            guard !deadline.hasPassed else {
                left += 1
                continue
            }
            let shape = cut.shape(in: box, guess: graph?.object(in: box))
            switch form {
            case .rle: mentions[index].cut = shape.mask(in: size).map(CutMask.runs)
            case .polygon: mentions[index].cut = .outlines(shape.outlines(in: size))
            }
        }
        return left
    }
}
