import Foundation
import Testing

/// What a script wrote into `Fixtures`, under its name.
func fixture<Reference: Decodable>(_ name: String) throws -> Reference {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
}

/// Two computations in Float: the largest difference against the largest number.
func expectClose(
    _ got: [Float], _ expected: [Float], _ name: String, within tolerance: Float = 2e-5,
    at location: SourceLocation = #_sourceLocation
) {
    #expect(got.count == expected.count, "\(name)", sourceLocation: location)
    let error = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
    let largest = expected.map(abs).max() ?? 0
    #expect(
        error <= tolerance * max(largest, 1e-2), "\(name): largest difference \(error) of \(largest)",
        sourceLocation: location)
}
