import Geometry
import Model
import Wire

/// Puts what outside tools saw in a picture, as a feed says it, in a model's terms, once the picture's size is known.
struct RegionReader: Sendable {
    /// Whether the model makes any use of it.
    let isOfUse: Bool

    /// The regions that lie in a picture, cut at its edges; `warn` gets what could not be used.
    ///
    /// - Parameter canRead: whether the model has words of a label's script.
    func read(
        _ regions: [PostRegion], in size: ImageSize, canRead: (String) -> Bool, warn: (Warning) -> Void
    ) -> [SeenRegion] {
        guard !regions.isEmpty else { return [] }
        guard isOfUse else {
            warn(warning("unused", "this model looks at pictures alone, and not at what others saw in them"))
            return []
        }
        var seen: [SeenRegion] = []
        var outside: [Int] = []
        var unreadable: [String] = []
        for (number, region) in regions.enumerated() {
            let box = RelativeBox(region.box, of: size)
            guard box.x1 < box.x2, box.y1 < box.y2 else {
                outside.append(number)
                continue
            }
            var seenRegion = SeenRegion(box: box, label: region.label, score: region.score, text: region.text)
            if let label = region.label, !label.isEmpty, !canRead(label) {
                unreadable.append(label)
                seenRegion.label = nil
            }
            seen.append(seenRegion)
        }
        if let first = outside.first {
            warn(
                warning(
                    "outside",
                    "region \(first) lies outside of its picture of \(size.width)×\(size.height) "
                        + "(\(outside.count) of \(regions.count) regions left out)"))
        }
        if let first = unreadable.first {
            warn(
                warning(
                    "script",
                    "the model has no words of the script of label “\(first)” (\(unreadable.count) of \(regions.count) "
                        + "regions without their label)"))
        }
        return seen
    }

    private func warning(_ code: String, _ message: String) -> Warning {
        Warning(code: "regions.\(code)", stage: "ground", message: message)
    }
}
