/// Coarse and fine types, each by a CRF; the coarse ones tell the fine ones.
package enum GEM: FusionMethod {
    package typealias Part = GatedSum
    package typealias Head = TransferHead
    package static let name = "gem"
    package static let summary =
        "coarse and fine types by a CRF each over words that look; a matrix from one to the other"
    package static let paper =
        "GEM (EMNLP 2024 Findings), its recognition, without a larger model; its locator: gmner train evidence, boxes.draws=heat"
}
