package import Wire

/// The answer to one record, formatted.
package struct FinishedPost: Sendable {
    /// Whole lines, newlines included; none where the record is left out.
    package let lines: [UInt8]
    /// What follows them, where an answer has so many lines that they are made as they are written.
    var rest: AnswerRest?
    /// What is put aside of a record without an answer: see ``DeadLetter``.
    var deadLetter: [UInt8] = []
    /// Bytes of the record, which say how much memory its work took.
    var recordBytes = 0
    /// When the record was admitted, in nanoseconds of the monotonic clock.
    let admitted: UInt64
    /// Number of its line in the stream, from 1.
    package let line: Int
    /// Number of the triples in `lines`.
    let triples: Int
    /// Parts of the record that could not be used.
    package let warnings: [Warning]
    /// Why the record has no answer.
    package let failure: RecordError?
}
