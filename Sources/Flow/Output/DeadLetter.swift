import Wire

/// A record without an answer, as it is put aside: line number, code and message of the error, and the line itself byte for
/// byte, separated by tabs. `cut -f4-` gives the lines back.
enum DeadLetter {
    /// The letter, newline included. Of a line that was too long to be kept, `bytes` is empty.
    static func letter(line: Int, _ error: RecordError, _ bytes: [UInt8]) -> [UInt8] {
        // What stands between the tabs has none, and no newline.
        let message = error.message.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        return Array("\(line)\t\(error.code.rawValue)\t\(String(message))\t".utf8) + bytes + [UInt8(ascii: "\n")]
    }
}
