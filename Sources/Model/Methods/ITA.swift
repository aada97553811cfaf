/// Text and evidence are aligned before words look: by contrast, by matching, and by tags that agree with those of the text.
package enum ITA: FusionMethod {
    package typealias Part = ContrastiveAlignment
    package static let name = "ita"
    package static let summary =
        "contrast and matching of text and evidence, whose score scales what words find; then CRF"
    package static let paper =
        "ITA (Wang et al. 2022) and MAF (Xu et al. 2022): evidence as patches and alternative text, two views tied"
}
