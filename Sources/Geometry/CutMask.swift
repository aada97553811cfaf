/// The pixels of an object in a picture, in one of two forms.
package enum CutMask: Sendable, Equatable {
    /// The pixels.
    case runs(Mask)
    /// Outlines of its parts, each by its corners in pixels of the picture.
    case outlines([[SIMD2<Float>]])
}
