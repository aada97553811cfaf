/// The shape of a fusion that is one attention of words to what is shown.
package struct AttentionWidths: FusionConfiguration {
    /// Columns of queries, keys and values.
    package var width = 128
    /// Attention heads; divides `width`.
    package var heads = 4

    /// The defaults.
    package init() {}

    /// Widths by their numbers.
    package init(width: Int, heads: Int) {
        self.width = width
        self.heads = heads
    }

    package func validate(_ shapes: ModelShapes) throws(ModelError) {
        try ModelError.requireFusion(width: width, heads: heads)
    }
}
