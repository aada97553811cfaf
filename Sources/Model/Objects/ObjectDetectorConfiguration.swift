/// Shape of a detector of objects, SSD on MobileNetV2 (Liu et al. 2016; Sandler et al. 2018), as TensorFlow's model zoo has it.
package struct ObjectDetectorConfiguration: Codable, Sendable, Equatable {
    /// Families of detectors: one so far.
    package enum Family: String, Codable, Sendable {
        case ssdMobileNetV2 = "ssd_mobilenet_v2"
    }

    /// `model_type`.
    package var family = Family.ssdMobileNetV2
    /// Side of the square input in pixels.
    package var imageSize = 300
    /// What each class is called, by the place of its scores.
    package var labels: [String]
    /// Channels after the first convolution, after each of the seven groups of inverted residuals, and after the last
    /// convolution.
    package var widths = [32, 16, 24, 32, 64, 96, 160, 320, 1280]
    /// Channels of the layers behind, which halve the picture: narrowed, then widened.
    package var extras = [[256, 512], [128, 256], [128, 256], [64, 128]]
    /// What scores less is not there.
    package var leastScore: Float = 0.2

    enum CodingKeys: String, CodingKey {
        case family = "model_type"
        case imageSize = "image_size"
        case labels, widths, extras
        case leastScore = "least_score"
    }

    /// The published shape, for classes of these names.
    package init(labels: [String]) {
        self.labels = labels
    }

    func validate() throws(ModelError) {
        let part = "object detector"
        try ModelError.require(
            part,
            [
                ("image_size", imageSize, SizeLimits.detectorSide),
                ("number of labels", labels.count, SizeLimits.types),
                ("number of widths", widths.count, 9...9), ("number of extras", extras.count, 4...4),
            ] + extras.map { ("number of widths of extras", $0.count, 2...2) })
        try ModelError.require(part, (widths + extras.joined()).map { ("widths", $0, SizeLimits.detectorWidth) })
        try ModelError.require(part, "least_score", leastScore, 0...1)
    }
}
