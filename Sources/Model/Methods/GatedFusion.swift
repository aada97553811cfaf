/// The smallest fusion: each word looks at patches and alternative text before it is tagged, and a gate decides how much
/// of what it finds is added.
package enum GatedFusion: FusionMethod {
    package typealias Part = GatedSum
    package static let name = "gated-fusion"
    package static let summary = "words attend to patches and alternative text, gated; then CRF"
    package static let paper = "the visual gate of UMT (Yu et al. 2020) without its transformers"
}
