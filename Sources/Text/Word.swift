/// A word of a text, and where it stands there.
package struct Word: Sendable, Equatable {
    /// Unicode scalar offsets in the text, end exclusive.
    package var scalars: Range<Int>
    /// The word, exactly as the text has it.
    package var text: String

    /// A word of a text.
    package init(scalars: Range<Int>, text: String) {
        self.scalars = scalars
        self.text = text
    }
}
