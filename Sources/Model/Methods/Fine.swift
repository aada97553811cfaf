/// Coarse types by a CRF, and of each mention's type one of its fine ones.
package enum Fine: FusionMethod {
    package typealias Part = GatedSum
    package typealias Head = ParentMaskedHead
    package static let name = "fine"
    package static let summary =
        "coarse types by a CRF over words that look; of each mention's type one of its fine ones"
    package static let paper = "sub-type head over spans, for Twitter-FMNERG (Wang et al. 2023); linear in the words"
}
