package import Model

/// How fast one parameter learns and how much it decays.
package struct ParameterGroup: Sendable, Equatable {
    /// Learning rate at the top of the schedule.
    package var rate: Float
    /// Decoupled weight decay, per step and unit of rate.
    package var decay: Float

    /// A group by its two numbers.
    package init(rate: Float, decay: Float) {
        self.rate = rate
        self.decay = decay
    }
}

/// A learning rate for pre-trained parts, another for new ones.
package struct ParameterGroups: Sendable, Equatable {
    /// Rate of the pre-trained encoder's top layer.
    package var encoderRate: Float
    /// Rate of everything that starts from nothing.
    package var headRate: Float
    /// Decay of matrices and tables; vectors (biases, scales) never decay.
    package var decay: Float
    /// Factor on the rate for each encoder layer further down (ULMFiT, Howard & Ruder 2018); 1 is off. The embeddings
    /// count as the layer below the lowest.
    package var layerDecay: Float

    /// Rates of a tagger.
    package init(_ rates: TaggerRates, decay: Float) {
        encoderRate = rates.encoder
        headRate = rates.head
        layerDecay = rates.layerDecay
        self.decay = decay
    }

    /// One rate, for parts that stand on an encoder that does not learn.
    package init(headRate: Float, decay: Float) {
        encoderRate = 0
        self.headRate = headRate
        self.decay = decay
        layerDecay = 1
    }

    /// One group for each parameter of a layout, in its order.
    ///
    /// - Parameter isEncoder: whether a parameter, by its first name, belongs to the pre-trained encoder.
    package func resolve(_ layout: ParameterLayout, isEncoder: (String) -> Bool) -> [ParameterGroup] {
        let top = layout.entries.compactMap { Self.layer($0.names[0]) }.max() ?? 0
        return layout.entries.map { entry in
            let decay = entry.kind == .vector ? 0 : decay
            guard isEncoder(entry.names[0]) else { return ParameterGroup(rate: headRate, decay: decay) }
            var rate = encoderRate
            for _ in 0..<top - (Self.layer(entry.names[0]) ?? -1) { rate *= layerDecay }
            return ParameterGroup(rate: rate, decay: decay)
        }
    }

    /// The number after `layer.` in a checkpoint's name, `nil` if there is none.
    static func layer(_ name: String) -> Int? {
        let parts = name.split(separator: ".")
        guard let place = parts.firstIndex(of: "layer"), place + 1 < parts.count else { return nil }
        return Int(parts[place + 1])
    }
}
