/// A picture of a post, as the feed names it.
package struct PostPicture: Sendable, Equatable {
    /// Path, `file:` URL or `data:` URI as it was written; `nil` where there is alternative text alone. It comes from data
    /// and may hold anything, also NUL characters.
    package var location: String?
    /// Alternative text of this picture.
    package var alt: String?
    /// What an outside tool found in it, in the feed's order; at most ``mostRegions``.
    package var regions: [PostRegion]

    /// More than one can point at in a picture.
    package static let mostRegions = 100

    /// A picture from its parts.
    package init(location: String?, alt: String? = nil, regions: [PostRegion] = []) {
        self.location = location
        self.alt = alt
        self.regions = regions
    }
}
