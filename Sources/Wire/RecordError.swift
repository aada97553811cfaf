/// Why one record has no answer. It is data: it goes out in the record's place, and the stream goes on.
package struct RecordError: Error, Sendable, Equatable {
    /// What went wrong, spelled as it appears in an answer.
    package enum Code: String, Sendable, CaseIterable {
        /// The line is not JSON.
        case jsonSyntax = "json.syntax"
        /// The line is not valid UTF-8.
        case jsonUTF8 = "json.utf8"
        /// The line has a NUL byte where JSON allows none.
        case jsonNUL = "json.nul"
        /// Objects or arrays are nested too deeply.
        case jsonDepth = "json.depth"
        /// The line is JSON, but not an object.
        case jsonNotObject = "json.not_object"
        /// The line is longer than the limit.
        case lineTooLong = "line.too_long"
        /// There is neither a text nor tokens.
        case textMissing = "text.missing"
        /// The text is not a string.
        case textType = "text.type"
        /// The tokens are not an array of words.
        case tokensType = "tokens.type"
        /// The tokens are not the words of the text.
        case tokensMismatch = "tokens.mismatch"
        /// The program failed, not the record.
        case internalFault = "internal"
    }

    /// What went wrong.
    package let code: Code
    /// The step of the pipeline that noticed: `frame`, `parse`, …
    package let stage: String
    /// One sentence for people.
    package let message: String
    /// The byte of the line that is to blame, counted from 1, where one can be named.
    package let column: Int?
    /// The record's id, if it could be read all the same.
    package var id: RawJSON?
    /// The record's other members, if they were asked for and could be read all the same.
    package var passthrough: [UInt8]?

    /// An error from its parts.
    package init(
        _ code: Code, stage: String, message: String, column: Int? = nil, id: RawJSON? = nil,
        passthrough: [UInt8]? = nil
    ) {
        self.code = code
        self.stage = stage
        self.message = message
        self.column = column
        self.id = id
        self.passthrough = passthrough
    }

    /// The error for a line that ``LineFramer`` gave up on.
    /// `offset` is where it begins in its input.
    package static func lineTooLong(limit: Int, offset: Int) -> RecordError {
        RecordError(
            .lineTooLong, stage: "frame",
            message: "the line, which begins at byte \(offset) of its input, is longer than \(limit) bytes")
    }
}
