import Foundation
import Testing

@testable import Wire
@testable import JSON

@Suite("JSON values as trees")
struct JSONValueTests {
    private func written(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        value.write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "null", "true", "false", "\"a\\\"\\\\\\n\"", "[]", "{}", "[1,2.50,-3e5,123456789012345678901234567890]",
        "{\"b\":[{}],\"a\":{\"\":\"👍\"},\"b\":null}",
    ])
    func whatIsReadIsWrittenAgain(_ text: String) throws {
        #expect(try written(JSONValue(parsing: Array(text.utf8))) == text)
    }

    /// Every scalar that a terminal could obey, by itself and between others: told otherwise, and the same when it is read.
    @Test func controlCharactersAreEscaped() throws {
        for value in Array(UInt32(0)...0xA1) + [0xC2, 0x2028, 0x10_FFFF] {
            let scalar = String(try #require(Unicode.Scalar(value)))
            for text in [scalar, "é\(scalar)", "\(scalar)\(scalar)a", "Â\(scalar)Â"] {
                let json = written(.string(text))
                #expect(try JSONValue(parsing: Array(json.utf8)).string?.utf8.elementsEqual(text.utf8) == true)
                let foundation = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
                #expect((foundation as? String)?.utf8.elementsEqual(text.utf8) == true)
                #expect(!json.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
                #expect(
                    json.contains("\\")
                        == (value < 0x20 || (0x7F..<0xA0).contains(value) || [0x22, 0x5C].contains(value)))
            }
        }
        #expect(
            written(.string("\u{1}\u{1B}\u{7F}\u{80}\u{9B}\u{9F}\u{A0}"))
                == "\"\\u0001\\u001b\\u007f\\u0080\\u009b\\u009f\u{A0}\"")
    }

    @Test func partsAreFound() throws {
        let value = try JSONValue(parsing: Array(#" {"a":1,"a":[1.5,"x",1e999,true]} "#.utf8))
        let elements = try #require(value["a"]?.elements)
        #expect(elements[0].double == 1.5 && elements[0].integer == nil && elements[1].string == "x")
        #expect(elements[2].double == nil && elements[3] == .boolean(true))
        #expect(value["b"] == nil && elements[0]["a"] == nil && value.string == nil && value.elements == nil)
    }

    @Test func numbersAreShortAndFinite() {
        #expect(
            written(.array([.number(1.25, decimals: 1), .number(-0.5, decimals: 2), .number(Float.nan, decimals: 2)]))
                == "[1.3,-0.5,null]")
        #expect(written(.integer(.min)) == "\(Int.min)")
    }

    @Test(arguments: [("", 0), ("[1,]", 3), ("{\"a\"}", 4), ("[1] x", 4), ("\"\u{1}\"", 1)])
    func faultsHaveAPlace(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.offset == offset)
    }

    @Test func depthIsBoundedAndBytesAreChecked() {
        let deep = #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: 0x5B, count: 100_000)) }
        #expect(deep?.fault == .depth)
        let broken = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(broken?.offset == 1)
    }
}
