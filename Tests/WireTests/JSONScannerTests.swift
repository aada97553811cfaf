import Testing
@testable import Wire
@testable import JSON

@Suite struct JSONScannerTests {
    /// Whether a document is JSON; the text of a string document.
    private func judge(_ document: [UInt8]) -> (accepted: Bool, string: String?) {
        guard let text = try? UTF8Span(validating: document.span) else { return (false, nil) }
        do {
            var scanner = JSONScanner(text)
            let isString = try scanner.kind() == .string
            try scanner.skipValue()
            try scanner.finish()
            guard isString else { return (true, nil) }
            var again = JSONScanner(text)
            return (true, try again.string())
        } catch {
            return (false, nil)
        }
    }

    @Test func acceptsWhatPythonAcceptsAndRefusesTheRest() throws {
        let rows = try fixture("json.tsv")
        #expect(rows.count > 500)
        for row in rows {
            let document = bytes(hex: row[1])
            let (accepted, string) = judge(document)
            #expect(accepted == (row[0] == "accept"), "\(String(decoding: document, as: UTF8.self))")
            if row.count > 2 {
                #expect(string.map { Array($0.utf8) } == bytes(hex: row[2]))
            }
        }
    }

    private func failure(_ document: String) -> JSONError? {
        do throws(JSONError) {
            var scanner = JSONScanner(document.utf8Span)
            try scanner.skipValue()
            try scanner.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("", 0), ("{\"a\":1", 6), ("{\"a\":1]", 6), ("[1,]", 3), ("{\"a\" 1}", 5), ("[1 2]", 3), ("\"ab", 3),
        ("[\"a\\q\"]", 3), ("[\"\u{1}\"]", 2), ("[01]", 1), ("[1.x]", 3), ("{} x", 3), ("tru", 0), ("[\"\\u12\"]", 2),
    ]) func errorsPointAtTheByte(document: String, offset: Int) {
        #expect(failure(document)?.offset == offset, "\(document)")
        #expect(failure(document)?.fault == .syntax)
    }

    @Test func rawNULBytesHaveAFaultOfTheirOwn() {
        #expect(failure("\u{0}")?.fault == .nul)
        #expect(failure("{\"a\":\"\u{0}\"}")?.fault == .nul)
        #expect(failure("{\"a\":\u{0}}")?.offset == 5)
    }

    @Test func nestingEndsAtTheLimit() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(failure(nested(512)) == nil)
        #expect(failure(nested(513))?.fault == .depth)
        #expect(failure(nested(513))?.offset == 512)
        // Brothers are not nested.
        #expect(failure("[" + String(repeating: "[],", count: 2000) + "{}]") == nil)
        #expect(failure(String(repeating: "{\"a\":[", count: 257))?.fault == .depth)
    }

    @Test func valuesAreFoundByteForByte() throws {
        let document = " [ 12345678901234567890123 , {\"a\" : [1e5,\"\\u0041\"]}, null ] "
        let text = document.utf8Span
        var scanner = JSONScanner(text)
        try scanner.beginArray()
        var values: [String] = []
        while try scanner.nextElement() {
            let range = try scanner.skipValue()
            values.append(String(decoding: Array(document.utf8)[range], as: UTF8.self))
        }
        try scanner.finish()
        #expect(values == ["12345678901234567890123", "{\"a\" : [1e5,\"\\u0041\"]}", "null"])
    }

    @Test func membersCanBeReadInsideOthers() throws {
        let document = #"{"a":{"b":[]},"c":{},"d":"e"}"#
        var scanner = JSONScanner(document.utf8Span)
        var keys: [String] = []
        try scanner.beginObject()
        while let member = try scanner.nextMember() {
            keys.append(member.key)
            guard try scanner.kind() == .object else {
                keys.append(try scanner.string())
                continue
            }
            try scanner.beginObject()
            while let inner = try scanner.nextMember() {
                keys.append(inner.key)
                try scanner.skipValue()
            }
        }
        try scanner.finish()
        #expect(keys == ["a", "b", "c", "d", "e"])
    }

    @Test(arguments: 0..<20) func randomBytesNeverCrash(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]:,\"\\u0d8e-+.eE truefalsn\u{0}\u{1F}é😀".utf8)
        let parser = PostParser(passthrough: true)
        for round in 0..<300 {
            let length = Int.random(in: 0..<60, using: &random)
            let document: [UInt8] = (0..<length).map { _ in
                round.isMultiple(of: 3)
                    ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
            }
            _ = judge(document)
            // The text prefix makes the parser go further than its first byte.
            do {
                let post = try parser.parse(Array("{\"id\":1,\"text\":\"a\",\"x\":".utf8) + document, number: 1)
                #expect(post.id?.bytes == [0x31])
            } catch {
                #expect(error.stage == "parse")
                #expect(error.id?.bytes == [0x31])
            }
        }
    }
}
