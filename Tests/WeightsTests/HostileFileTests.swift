import Files
import Foundation
import SystemPackage
import Testing

@testable import Weights

@Suite struct HostileFileTests {
    private func problem(_ bytes: [UInt8]) throws -> String? {
        try withTemporaryPath { path -> String? in
            try write(bytes, to: path)
            do throws(FileError) {
                _ = try SafetensorsFile(path)
                return nil
            } catch {
                #expect(error.path == path)
                return if case .tensor(let name) = error.part { "\(name): \(error.message)" } else { error.message }
            }
        }
    }

    @Test(arguments: [
        (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "w: F32 of shape [2] needs 8 bytes, not 4"),
        (
            #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
            "w: bytes 0 to 12 are not within the 8 of the data"
        ),
        (
            #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
            "w: bytes 4 to 0 are not within the 8 of the data"
        ),
        (
            #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "w: starts at byte 4, but the tensor before it ends at 0"
        ),
        (#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "4 bytes behind the last tensor belong to none"),
        (#"{"w":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}"#, "w: unknown type Q4"),
        (
            #"{"w":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}"#,
            "w: shape [9223372036854775807, 2] is too large"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "b: starts at byte 4, but the tensor before it ends at 8"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"I8","shape":[0],"data_offsets":[8,8]}}"#,
            "a: is there twice"
        ),
        (#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#, "w: header, byte 29: expected a whole number"),
        (#"{"w":{"dtype":"F32","shape":[99999999999999999999]}}"#, "w: header, byte 29: number too large"),
        (#"{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1]}}"#, "w: header, byte 45: more than 8 numbers in a list"),
        (#"{"w":{"dtype":"F32","dtype":"F32"}}"#, "w: header, byte 20: unexpected dtype"),
        (#"{"w":{"dtype":"F32","shape":[2]}}"#, "w: header, byte 32: lacks a dtype, a shape or two data_offsets"),
        (#"{"w":[]}"#, "w: header, byte 5: expected an object"),
        (#"{"__metadata__":{"a":"1","a":"2"}}"#, "header, byte 25: metadata a is given twice"),
        (#"{"\ud800":{}}"#, "header, byte 2: half of a surrogate pair"),
        (#"{"__metadata__":{"a":"\udc00"}}"#, "header, byte 22: half of a surrogate pair"),
        (#"{"w":{"dtype":"F32","shape":[1.5]}}"#, "w: header, byte 29: expected a whole number"),
        (#"{"w":{"dtype":"F32","shape":[01]}}"#, "w: header, byte 29: a number must not begin with 0"),
        (#"{"w":{"dtype":"F32","shape":[[1]]}}"#, "w: header, byte 29: expected a whole number"),
        (#"{"w":{"dtype":7}}"#, "w: header, byte 14: expected a string"),
        (#"{"__metadata__":[]}"#, "header, byte 16: expected an object"),
        (#"{"w":{"dtype":"F32"},}"#, "w: header, byte 20: lacks a dtype, a shape or two data_offsets"),
        (#"{"\x":{}}"#, "header, byte 2: unknown escape in a string"),
        ("{\"w", "header, byte 3: unexpected end inside a string"),
        ("", "header, byte 0: expected an object"),
        ("{} x", "header, byte 3: unexpected text after the value"),
    ])
    func saysWhatIsWrong(header: String, expected: String) throws {
        #expect(try problem(safetensors(header, data: 8)) == expected)
    }

    @Test func measuresBeforeItReads() throws {
        #expect(try problem([]) == "too short for a safetensors file")
        #expect(try problem([UInt8](repeating: 0, count: 7)) == "too short for a safetensors file")
        #expect(
            try problem([UInt8](repeating: 255, count: 16))
                == "the header is 18446744073709551615 bytes long, but only 8 follow: truncated?")
        #expect(try problem(safetensors("{}")) == nil)
    }

    @Test func doesWithoutAScalarThatIsWrittenAsItIs() throws {
        let header = #"{"__metadata__":{"\u{FFFD}":"\u0041 \ud83d\ude00"}}"#
        #expect(try problem(safetensors(header.replacingOccurrences(of: #"\u{FFFD}"#, with: "\u{FFFD}"))) == nil)
        #expect(
            try problem([UInt8](safetensors(#"{"w":{"dtype":"F~"}}"#)).map { $0 == UInt8(ascii: "~") ? 0xFF : $0 })
                == "header, byte 16: not valid UTF-8")
    }

    /// Each entry of such a header would take several times its own size in memory.
    @Test(arguments: [true, false]) func refusesHeadersOfNothingButEntries(metadata: Bool) throws {
        func header(_ count: Int) -> String {
            let entries = (0..<count).map { index in
                metadata ? "\"\(index)\":\"\"" : #""\#(index)":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}"#
            }
            let list = "{" + entries.joined(separator: ",") + "}"
            return metadata ? #"{"__metadata__":\#(list)}"# : list
        }
        #expect(try problem(safetensors(header(1000))) == nil)
        let refusal = try problem(safetensors(header(5000)))
        #expect(refusal?.hasSuffix("more tensors and metadata than a file of this size has use for") == true)
    }

    @Test func opensNoneThatIsNotThere() throws {
        let error = #expect(throws: FileError.self) { _ = try SafetensorsFile("/nowhere/model.safetensors") }
        #expect(error?.description == "/nowhere/model.safetensors: No such file or directory")
        #expect(throws: FileError.self) { _ = try SafetensorsFile("/") }
        #expect(throws: FileError.self) { _ = try SafetensorsFile("/dev/zero") }
        try withTemporaryPath { path in
            #expect(mkfifo(path.string, 0o600) == 0)
            #expect(throws: FileError.self) { _ = try SafetensorsFile(path) }
        }
    }

    /// Ten thousand broken copies of a good file: each opens, with every tensor readable, or throws.
    @Test func survivesMutations() throws {
        let good = try read(fixture("types.safetensors"))
        var generator = SplitMix(state: 7)
        var opened = 0
        try withTemporaryPath { path in
            for _ in 0..<10_000 {
                var bytes = good
                let header = 8..<728
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let at = Int.random(in: 0..<header.upperBound, using: &generator)
                    switch Int.random(in: 0..<6, using: &generator) {
                    case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                    case 2: bytes.remove(at: at)
                    case 3: bytes.insert(UInt8(ascii: "9"), at: at)
                    case 4: bytes[at] = Array("0123456789{}[]\",:\\".utf8).randomElement(using: &generator) ?? 0
                    default: bytes.removeLast(Int.random(in: 0..<bytes.count / 2, using: &generator))
                    }
                    if bytes.count < header.upperBound { break }
                }
                try write(bytes, to: path)
                guard let file = try? SafetensorsFile(path) else { continue }
                opened += 1
                for (name, tensor) in file.tensors {
                    let rows = tensor.shape.first ?? 1
                    if tensor.count > 0 { _ = try? matrix(WeightReader(file), name, rows, tensor.count / rows) }
                }
            }
        }
        // Some changes only rename a tensor or change a number.
        #expect(opened > 0 && opened < 5_000)
    }
}

/// A small generator with a seed (Steele et al. 2014), so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
