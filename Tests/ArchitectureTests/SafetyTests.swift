import Testing

/// What the compiler does not look after has a reason beside it.
@Suite struct SafetyTests {
    /// The files that share memory by a promise instead of a proof.
    private static let promises: Set = [
        "Sources/Learning/Autograd/FloatBuffer.swift", "Sources/Learning/Training/AdamW.swift",
        "Sources/Learning/Training/Trainer.swift", "Sources/Model/Computation/FloatReservation.swift",
    ]

    @Test func everyPromiseSaysWhoMayTouchWhat() throws {
        var found: Set<String> = []
        for file in try Sources.files() {
            for (place, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                found.insert(file.path)
                let above = file.lines[max(0, place - 4)..<place]
                #expect(above.contains { $0.contains("// SAFETY:") }, "\(file):\(place + 1)")
            }
        }
        #expect(found == Self.promises)
    }

    /// Each of these ends the process, or loses what was to be written, where an error should have been told.
    @Test(arguments: ["try!", "fatalError(", "FileHandle", " print("])
    func nothingThatEndsInACrash(word: String) throws {
        for file in try Sources.files() {
            for (place, line) in file.lines.enumerated() where line.contains(word) && !line.contains("//") {
                Issue.record("\(file):\(place + 1): \(word)")
            }
        }
    }
}
