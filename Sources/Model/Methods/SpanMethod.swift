/// Words attend to what text and evidence have in common; every run of words is a mention of some type, or none.
package enum SpanMethod: FusionMethod {
    package typealias Part = LatentConsistency
    package typealias Head = SpanHead
    package static let name = "span"
    package static let summary = "spans up to a length, each a mention of some type or none, over words that look"
    package static let paper =
        "SMNER (LREC 2024); words attend to the evidence in place of spans, pairs are told apart by products"
}
