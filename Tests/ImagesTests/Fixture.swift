import Foundation
@testable import Images
import Testing

/// What `make_fixtures.py` left: pictures, and what they have to become.
struct Fixture: Decodable {
    struct Place: Decodable {
        let offset: Int
        let bytes: Int
    }

    struct Decode: Decodable, CustomTestStringConvertible {
        let file: String
        let expected: Place
        let width: Int
        let height: Int
        let tolerance: Int
        let side: Int
        let originalWidth: Int
        let originalHeight: Int
        var testDescription: String { "\(file) at \(side)" }
    }

    struct Resize: Decodable, CustomTestStringConvertible {
        let file: String
        let filter: String
        let size: Int
        let patch: Int
        let patches: Place
        let pixels: Place
        var testDescription: String { "\(file) \(filter)" }
    }

    let decode: [Decode]
    let resize: [Resize]

    /// Reads the manifest.
    static func load() throws -> Fixture {
        try JSONDecoder().decode(Fixture.self, from: Data(read("manifest.json")))
    }

    static func picture(_ name: String) throws -> [UInt8] { try read("pictures/\(name)") }

    static func bytes(_ place: Place) throws -> [UInt8] {
        try Array(read("expected.bin")[place.offset..<(place.offset + place.bytes)])
    }

    private static func read(_ name: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try [UInt8](Data(contentsOf: folder.appending(path: name)))
    }

    static func floats(_ place: Place) throws -> [Float] {
        try bytes(place).withUnsafeBytes { raw in
            (0..<(place.bytes / 4)).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
            }
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The error that `body` throws, if any.
func failure<R>(_ body: () throws(ImageError) -> R) -> ImageError? {
    do throws(ImageError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
