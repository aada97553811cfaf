/// Rows that layers of a text encoder see before their own (prefix tuning, Li & Liang 2021; HVPNeT, Chen et al. 2022).
package struct EncoderPrefix<Value> {
    /// Keys and values for each layer of the encoder, `counts' sum × 2·width`; `nil` for layers that see their own rows alone.
    package let layers: [Value?]
    /// Rows for each sequence.
    package let counts: [Int]

    /// A prefix by its rows.
    package init(layers: [Value?], counts: [Int]) {
        self.layers = layers
        self.counts = counts
    }
}
