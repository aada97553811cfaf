/// How much of a text is read; what lies behind is left (``Reading/unread``). The first window of a text is always read.
package struct ReadingLimits: Sendable {
    /// Most pieces of the encoder's vocabulary.
    package var pieces: Int
    /// Whether there is no more time; asked between two runs of the encoder.
    package var isOver: @Sendable () -> Bool

    /// Limits; by default there are none.
    package init(pieces: Int = .max, isOver: @escaping @Sendable () -> Bool = { false }) {
        self.pieces = pieces
        self.isOver = isOver
    }
}

/// The end of a text that was not read.
package struct Unread: Sendable, Equatable {
    /// Why it was not.
    package enum Reason: Sendable {
        /// The text has more pieces than are to be read.
        case tooLong
        /// There was no more time.
        case outOfTime
    }

    /// The first Unicode scalar that was not read.
    package var scalar: Int
    /// Why.
    package var reason: Reason

    /// An end of a text.
    package init(from scalar: Int, _ reason: Reason) {
        self.scalar = scalar
        self.reason = reason
    }
}
