/// Cuts a picture into square patches without overlap, one row a patch.
///
/// `image` is `height × width × 3`, channels interleaved and already normalised; patches go from left to right, then
/// down. A row of `out` is ordered channel, y, x, as the flattened weight `[outputs, 3, patch, patch]` of a
/// convolution is, so that the convolution of a ViT (Dosovitskiy et al. 2021, 3.1) is ``linear``.
///
/// `out` is `(height / patch · width / patch) × (3 · patch · patch)`; pixels beyond the last whole patch are left out.
package func extractPatches(
    _ out: inout MutableSpan<Float>, _ image: Span<Float>, height: Int, width: Int, patch: Int
) throws(ShapeError) {
    try check(patch > 0, "extractPatches", expected: "a positive patch size", got: "\(patch)")
    try check(image.count, height, width * 3, "extractPatches", "image")
    let across = width / patch, down = height / patch, area = patch * patch
    try check(out.count, across * down, 3 * area, "extractPatches", "out")
    for row in 0..<down * patch {
        for column in 0..<across {
            let from = (row &* width &+ column &* patch) &* 3
            let to = ((row / patch) &* across &+ column) &* 3 &* area &+ (row % patch) &* patch
            for x in 0..<patch {
                for channel in 0..<3 {
                    out[to &+ channel &* area &+ x] = image[from &+ x &* 3 &+ channel]
                }
            }
        }
    }
}
