import Foundation
import Testing
@testable import Wire

/// A generator with a seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea, Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The rows of a fixture, split at tabs.
func fixture(_ name: String) throws -> [[String]] {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
}

/// The bytes that a fixture spells in hexadecimal.
func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
}

/// What Foundation reads in a line, as the judge of whether we wrote JSON.
func object(_ line: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
}

/// The error that parsing a line gives.
func parseError(_ line: String, keys: PostKeys = PostKeys(), passthrough: Bool = false) -> RecordError? {
    do {
        _ = try PostParser(keys: keys, passthrough: passthrough).parse(Array(line.utf8), number: 1)
        return nil
    } catch {
        return error
    }
}

/// The post in a line.
func parse(
    _ line: String, keys: PostKeys = PostKeys(), passthrough: Bool = false, emit: Emit = .posts
) throws -> Post {
    try PostParser(keys: keys, passthrough: passthrough, emit: emit).parse(Array(line.utf8), number: 1)
}
