/// Words take of the evidence what is similar to them, as far as the whole post is, and of that what is new.
package enum DSEHOF: FusionMethod {
    package typealias Part = DualSimilarity
    package static let name = "dse-hof"
    package static let summary =
        "similarity of words and of posts filters the evidence, whose orthogonal part is added; then CRF"
    package static let paper = "DSE-HOF (Pattern Recognition 2026), made again from its abstract"
}
