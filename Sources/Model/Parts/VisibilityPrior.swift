package import Kernels

/// What a post's text alone says of whether an entity can be seen: a two-layer perceptron over the entity's words, the
/// whole text and the type.
///
/// It is one term of the gate's logit; what a post shows is the other, and only that is learned from what is shown. So
/// nothing that posts about photographs have in common in their wording can reach posts that people wrote (a product of
/// two experts; with one of them held fast, learning from the residual of a biased model, He et al. 2019, section 3.2).
package struct VisibilityPrior: Sendable {
    let hidden: Linear
    let types: Parameter
    let logit: Linear

    /// Declares the term for queries of `queryWidth` columns and `typeCount` types, with `width` units inside.
    package init(queryWidth: Int, typeCount: Int, width: Int, in layout: inout ParameterLayout) {
        hidden = layout.linear("hidden", inputs: queryWidth, outputs: width)
        types = layout.table("types", rows: typeCount, width: width)
        logit = layout.linear("logit", inputs: width, outputs: 1)
    }

    /// Logits of being visible, `queries.rows × 1`.
    ///
    /// - Parameters:
    ///   - queries: One row an entity: the mean of its words, then that of all words of the text.
    ///   - kinds: Index of each entity's type.
    package func logits<C: Computation>(
        _ queries: C.Value, kinds: [Int32], dropout: Float = 0, on computation: C
    ) throws(ShapeError) -> C.Value {
        let read = try computation.linear(computation.dropout(queries, rate: dropout), hidden, .identity)
        let inner = try computation.apply(.gelu, computation.add(read, computation.gather(types, kinds)))
        return try computation.linear(computation.dropout(inner, rate: dropout), logit, .identity)
    }
}
