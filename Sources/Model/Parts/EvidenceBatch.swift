/// Posts with entities, as the heads read them: matrices of one batch.
package struct EvidenceBatch<Value> {
    /// One row an entity, post by post: the mean of its words, then that of all words of the text.
    package var queries: Value
    /// Index of each entity's type.
    package var kinds: [Int32]
    /// Entities of each post.
    package var entities: [Int]
    /// One row a post: the mean of all words of its text.
    package var texts: Value
    /// Tokens of the pictures, in the order of the posts that have one.
    package var tokens: Value?
    /// Whether each post has a picture.
    package var isPictured: [Bool]
    /// Words of the alternative texts, post by post.
    package var alt: Value?
    /// Words of each post's alternative text.
    package var altCounts: [Int]
    /// What outside tools saw, for the posts that have a picture; `nil` where they saw nothing.
    package var regions: RegionBatch<Value>?

    /// A batch by its matrices.
    package init(
        queries: Value, kinds: [Int32], entities: [Int], texts: Value, tokens: Value?, isPictured: [Bool],
        alt: Value?, altCounts: [Int]
    ) {
        self.queries = queries
        self.kinds = kinds
        self.entities = entities
        self.texts = texts
        self.tokens = tokens
        self.isPictured = isPictured
        self.alt = alt
        self.altCounts = altCounts
    }
}
