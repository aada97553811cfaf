import Testing
@testable import Wire

@Suite struct LineFramerTests {
    /// What a stream gives when it arrives in pieces of the given lengths (the last is repeated).
    private func frame(
        _ stream: [UInt8], pieces: [Int] = [Int.max], limit: Int = 1 << 20
    ) -> (events: [LineEvent], framer: LineFramer) {
        var framer = LineFramer(maxLineBytes: limit)
        var events: [LineEvent] = []
        var start = 0
        var lengths = pieces[...]
        while start < stream.count {
            let length = min(lengths.first ?? 1, stream.count - start)
            if lengths.count > 1 { lengths.removeFirst() }
            events += framer.append(stream.span.extracting(start..<start + length))
            start += length
        }
        return (events + framer.finish(), framer)
    }

    private func frame(_ text: String, limit: Int = 1 << 20) -> [LineEvent] {
        frame(Array(text.utf8), limit: limit).events
    }

    private func line(_ number: Int, _ offset: Int, _ text: String) -> LineEvent {
        .line(number: number, offset: offset, bytes: Array(text.utf8))
    }

    @Test func linesComeWithNumberAndOffset() {
        #expect(frame("one\ntwo\n") == [line(1, 0, "one"), line(2, 4, "two")])
    }

    @Test func theLastLineNeedsNoNewline() {
        #expect(frame("one\ntwo") == [line(1, 0, "one"), line(2, 4, "two")])
        #expect(frame("").isEmpty)
    }

    @Test func aLineIsReportedAsSoonAsItIsComplete() {
        var framer = LineFramer()
        #expect(framer.append(Array("on".utf8).span).isEmpty)
        #expect(framer.append(Array("e\ntw".utf8).span) == [line(1, 0, "one")])
        #expect(framer.append(Array("o\n".utf8).span) == [line(2, 4, "two")])
        #expect(framer.finish().isEmpty)
    }

    @Test func carriageReturnsBelongToTheLineEnd() {
        #expect(frame("a\r\nb\rc\r\nd\r") == [line(1, 0, "a"), line(2, 3, "b\rc"), line(3, 8, "d")])
    }

    @Test func aByteOrderMarkIsSkippedWhereAFileBegan() {
        #expect(frame("\u{FEFF}a\n\u{FEFF}b\n") == [line(1, 3, "a"), line(2, 8, "b")])
        #expect(frame("a\u{FEFF}\n") == [line(1, 0, "a\u{FEFF}")])
        #expect(frame("a\n\u{FEFF}\n").count == 1)
        #expect(frame("\u{FEFF}").isEmpty)
    }

    @Test func linesWithoutContentAreCountedButNotReported() {
        let (events, framer) = frame(Array("\n \t\n\r\na\n\n".utf8))
        #expect(events == [line(4, 6, "a")])
        #expect(framer.emptyLines == 4)
        #expect(framer.lines == 5)
        #expect(framer.bytesSeen == 9)
    }

    @Test func blankLinesAreReportedOnDemand() {
        var framer = LineFramer(reportsBlank: true)
        let events = framer.append(Array("\na\n \t\r\n\u{FEFF}\n  ".utf8).span) + framer.finish()
        #expect(
            events == [
                .blank(number: 1, offset: 0), line(2, 1, "a"), .blank(number: 3, offset: 3),
                .blank(number: 4, offset: 7),
                .blank(number: 5, offset: 11),
            ])
        #expect(framer.emptyLines == 4)
    }

    @Test func aLongLineIsReportedOnceAndTheNextOneIsRead() {
        #expect(
            frame("aaaa\nbbbbbbbbbb\ncc\n", limit: 4) == [
                line(1, 0, "aaaa"), .tooLong(number: 2, offset: 5), line(3, 16, "cc"),
            ])
        #expect(frame("aaaaa", limit: 4) == [.tooLong(number: 1, offset: 0)])
    }

    @Test func theLimitDoesNotCountTheLineEnd() {
        #expect(frame("aaaa\r\nb", limit: 4) == [line(1, 0, "aaaa"), line(2, 6, "b")])
        #expect(frame("aaaa\r", limit: 4) == [line(1, 0, "aaaa")])
        #expect(frame("aaaa\rb\nc", limit: 4) == [.tooLong(number: 1, offset: 0), line(2, 7, "c")])
    }

    @Test func anEndlessLineIsReportedBeforeItEnds() {
        var framer = LineFramer(maxLineBytes: 10)
        let piece = [UInt8](repeating: 0, count: 7)
        #expect(framer.append(piece.span).isEmpty)
        #expect(framer.append(piece.span) == [.tooLong(number: 1, offset: 0)])
        for _ in 0..<100 { #expect(framer.append(piece.span).isEmpty) }
        #expect(framer.append(Array("\nx\n".utf8).span) == [line(2, 715, "x")])
    }

    @Test(arguments: 0..<40) func framingDoesNotDependOnThePieces(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet: [[UInt8]] = [
            [0x0A], [0x0D, 0x0A], [0x0D], [0x20], [0x61], [0xEF, 0xBB, 0xBF], [0xEF], [0x00], Array("word".utf8),
        ]
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 0..<80, using: &random) { stream += alphabet.randomElement(using: &random) ?? [] }
        let whole = frame(stream, limit: 6)
        let single = frame(stream, pieces: [1], limit: 6)
        let mixed = frame(
            stream, pieces: (0..<200).map { _ in Int.random(in: 1...9, using: &random) }, limit: 6)
        #expect(single.events == whole.events)
        #expect(mixed.events == whole.events)
        #expect(single.framer.lines == whole.framer.lines && mixed.framer.lines == whole.framer.lines)
        #expect(single.framer.emptyLines == whole.framer.emptyLines)

        // Every event starts where it says, and every physical line is accounted for.
        for case .line(_, let offset, let bytes) in whole.events {
            #expect(Array(stream[offset..<offset + bytes.count]) == bytes)
        }
        let physical = stream.split(separator: 0x0A, omittingEmptySubsequences: false)
        #expect(whole.framer.lines == physical.count - (physical.last?.isEmpty == true ? 1 : 0))
        #expect(whole.events.count + whole.framer.emptyLines == whole.framer.lines)
    }
}
