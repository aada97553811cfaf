/// The text encoder sees evidence itself, as a prefix of its upper layers.
package enum Prefix: FusionMethod {
    package typealias Part = VisualPrefix
    package static let name = "prefix"
    package static let summary =
        "evidence as gated prefix keys and values in the upper layers of the text encoder; then CRF"
    package static let paper = "HVPNeT (Chen et al. 2022), with learned queries in place of a convolutional pyramid"
}
