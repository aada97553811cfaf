/// Words and evidence look at each other both ways; spans without types help the tags.
package enum UMT: FusionMethod {
    package typealias Part = MultimodalInteraction
    package typealias Head = ConvertedHead
    package static let name = "umt"
    package static let summary =
        "words and evidence attend to each other both ways, visual gate, span head beside the CRF"
    package static let paper =
        "UMT (Yu et al. 2020); fused rows are added to the words' own, evidence is patches and alternative text"
}
