/// Words and evidence pass bottlenecks, are told to belong together, and the text bounds what is added.
package enum Minige: FusionMethod {
    package typealias Part = VariationalBottleneck
    package static let name = "minige"
    package static let summary =
        "variational bottlenecks on both sides, attention that the text guides, a bounded sum; then CRF"
    package static let paper =
        "MINIGE-MNER (Neural Networks 2026) without generated pictures; the critic knows the product of the two sides"
}
