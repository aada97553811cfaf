/// A word of a text, and where it stands there.
public struct Word: Sendable, Equatable {
    /// Unicode scalar offsets in the text, end exclusive.
    public var scalars: Range<Int>
    /// The word, exactly as the text has it.
    public var text: String

    /// A word of a text.
    public init(scalars: Range<Int>, text: String) {
        self.scalars = scalars
        self.text = text
    }
}
