extension String {
    /// The words of a text with one space between, cut where it is longer than so many Unicode scalars; `nil` where it is blank.
    func oneLine(atMost most: Int) -> String? {
        let words = split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        return words.isEmpty ? nil : String(words.unicodeScalars.prefix(most))
    }
}
