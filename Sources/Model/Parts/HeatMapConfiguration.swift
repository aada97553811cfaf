/// How a box is told from a heat map.
package struct HeatMapConfiguration: Codable, Sendable, Equatable {
    /// The layer of the evidence reader whose attention is looked at, counted from 1; `nil`: the last.
    package var layer: Int?
    /// Share of the map's maximum from which a patch counts.
    package var threshold: Float
    /// Share of the mass of the peak's component that another has to have more than, to be part of the box.
    package var merging: Float

    /// The numbers of GEM's scheme.
    package init(layer: Int? = nil, threshold: Float = 0.5, merging: Float = 0.25) {
        self.layer = layer
        self.threshold = threshold
        self.merging = merging
    }

    /// Throws where numbers make no sense.
    func validate(layers: Int) throws(ModelError) {
        if let layer, !(1...max(1, layers)).contains(layer) {
            throw ModelError(.invalid, "evidence: heat.layer is \(layer), and there are layers 1...\(layers)")
        }
        guard threshold > 0, threshold <= 1, merging >= 0, merging.isFinite else {
            throw ModelError(
                .invalid,
                "evidence: heat.threshold is \(threshold), heat.merging \(merging); "
                    + "expected more than 0 up to 1, and a number that is not negative")
        }
    }
}
