package import Kernels

/// No fusion: words are as they were read. For methods whose head looks itself.
package struct WordsAlone: FusionPart {
    /// Nothing to set.
    package struct Configuration: FusionConfiguration {
        package init() {}
        package func validate(_ shapes: ModelShapes) throws(ModelError) {}
    }

    /// Declares nothing.
    package init(_ configuration: Configuration, _ shapes: ModelShapes, in layout: inout ParameterLayout) {}

    /// The words themselves; see ``Fusion``.
    package func fuse<C: Computation>(
        _ words: WordsToFuse<C>, evidence: ShownEvidence<C.Value>, dropout: Float, on computation: C,
        note: (FusionNote, C.Value) -> Void
    ) throws(ShapeError) -> C.Value { words.rows }
}
