import Wire

/// Lines of an answer that have not been made yet.
struct AnswerRest: Sendable {
    /// Bytes that are made at a time, and a line.
    static let piece = 1 << 20

    let answer: Answer
    let text: String
    let writer: AnswerWriter
    private var next = 0

    /// All lines of an answer.
    init(answer: Answer, text: String, writer: AnswerWriter) {
        (self.answer, self.text, self.writer) = (answer, text, writer)
    }

    /// Appends some lines, and returns those that are still left.
    func appendNext(to lines: inout [UInt8]) -> AnswerRest? {
        var rest = self
        guard let next = writer.write(answer, text: text, from: next, upTo: lines.count + Self.piece, into: &lines)
        else {
            return nil
        }
        rest.next = next
        return rest
    }
}
