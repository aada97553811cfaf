import Geometry

/// How the rows that a decoder gives lie in a picture.
struct DecodedShape {
    /// Pixels of a row.
    let width: Int
    /// Number of rows.
    let height: Int
    /// Size of the stored picture; more where decoding scales down. Not turned.
    let stored: ImageSize
    /// How the picture has to be turned.
    let orientation: Orientation
    /// What of the rows the stored picture covers, across and down. Scaled decoding rounds sides up, so that the outermost
    /// column and row may be covered in part; taken for whole ones, they would shift what is resized.
    let columns: Range<Double>
    let rows: Range<Double>

    /// A picture decoded at `eighths`/8; `isFitted`: to whole pixels, so that it covers the outermost as well.
    init(
        width: Int, height: Int, eighths: Int = 8, isFitted: Bool = false, orientation: Orientation = .upright
    ) {
        self.width = (width * eighths + 7) / 8
        self.height = (height * eighths + 7) / 8
        self.orientation = orientation
        stored = ImageSize(width: width, height: height)
        columns = 0..<(isFitted ? Double(self.width) : Double(width * eighths) / 8)
        rows = 0..<(isFitted ? Double(self.height) : Double(height * eighths) / 8)
    }

    /// The rows of a picture that is upright.
    init(_ picture: Picture) {
        width = picture.width
        height = picture.height
        orientation = .upright
        stored = picture.storedSize
        columns = picture.columns
        rows = picture.rows
    }

    /// Size of the stored picture when it stands upright.
    var uprightSize: ImageSize {
        orientation.swapsSides ? ImageSize(width: stored.height, height: stored.width) : stored
    }
}
