/// Text only: encoder, word shapes and a CRF; every region is "none".
package enum CRFNone: Method {
    package static let name = "crf-none"
    package static let summary = "text encoder and CRF; never a box"
    package static let paper = "BERT-CRF-None (Yu et al. 2023, Table 2)"

    /// How words are read.
    package struct Settings: MethodSettings {
        package var words: WordConfiguration

        package init() { self.init(WordConfiguration()) }

        /// Words that are read in this way.
        package init(_ words: WordConfiguration) { self.words = words }

        package func validate(_ shapes: ModelShapes) throws(ModelError) { try words.validate(shapes.text) }
    }

    package static func parts(
        _ settings: Settings, _ shapes: ModelShapes, in layout: inout ParameterLayout
    ) throws(ModelError) -> MethodParts {
        let words = WordReader(settings.words, encoder: shapes.text, in: &layout)
        return MethodParts(words: words, head: CRFHead(shapes.tags, width: words.width, in: &layout))
    }
}
