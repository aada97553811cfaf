/// Makes what a detector takes of a picture: resized to a square, with pixels of −1…1.
package struct ImageToPixels: Sendable, Equatable {
    /// Side of the resized picture, in pixels.
    package let size: Int
    /// The triangle: what such detectors were trained on.
    let filter = ResizeFilter.bilinear

    /// A square of some pixels a side, at least 1.
    package init(size: Int) {
        precondition(size > 0, "a picture of \(size) pixels")
        self.size = size
    }

    /// The pixel matrix of a picture: `size² × 3`, line by line, red, green, blue.
    package func matrix(of picture: Picture) -> [Float] {
        let resizer = RowResizer(DecodedShape(picture), size: size, filter: filter)
        picture.giveRows(to: resizer)
        return matrix(ofResized: resizer.resized())
    }

    /// The pixel matrix of a picture that was resized.
    func matrix(ofResized resized: [SIMD4<Float>]) -> [Float] {
        var matrix = [Float](repeating: 0, count: resized.count * 3)
        for (place, pixel) in resized.enumerated() {
            let normal = pixel / 127.5 - 1
            matrix[3 * place] = normal.x
            matrix[3 * place + 1] = normal.y
            matrix[3 * place + 2] = normal.z
        }
        return matrix
    }
}

extension Picture {
    /// Gives all rows, one after the other.
    func giveRows(to receiver: some RowReceiver) {
        let rowLength = width * 3
        for y in 0..<height { receiver.take(pixels.span.extracting((y * rowLength)..<((y + 1) * rowLength))) }
    }
}
