package import Geometry

/// What an outside detector or OCR tool found in a picture: a box, and perhaps what it is called, how sure the tool is, and
/// what is written there.
package struct PostRegion: Sendable, Equatable {
    /// Where it is, in pixels of the stored picture after its EXIF orientation, as boxes of answers are; corners in order,
    /// numbers finite, area above 0. It may lie outside the picture, whose size is not known when posts are read.
    package var box: PixelBox
    /// What it shows, in the tool's words; at most ``mostScalars`` Unicode scalars.
    package var label: String?
    /// How sure the tool is, 0…1.
    package var score: Float?
    /// What is written there; at most ``mostScalars`` Unicode scalars.
    package var text: String?

    /// The most scalars of a label or a text. What lies behind is cut off.
    package static let mostScalars = 256

    /// A region from its parts; the box is in pixels.
    package init(box: PixelBox, label: String? = nil, score: Float? = nil, text: String? = nil) {
        self.box = box
        self.label = label
        self.score = score
        self.text = text
    }
}
