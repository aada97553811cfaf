import Foundation
import SystemPackage
import Testing
@testable import Weights

@testable import Model

/// Files beside the tests.
func fixture(_ name: String) throws -> FilePath {
    let url = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return FilePath(url.appending(path: name).path)
}

/// Matrices of a safetensors file, by name.
struct Matrices {
    let reader: WeightReader

    init(_ path: FilePath) throws {
        reader = WeightReader(try SafetensorsFile(path))
    }

    func floats(_ name: String) throws -> [Float] {
        let tensor = try #require(reader.entry(name))
        var values = [Float](repeating: 0, count: tensor.count)
        var span = values.mutableSpan
        try reader.float32(name, rows: tensor.shape[0], columns: tensor.count / tensor.shape[0], into: &span)
        return values
    }

    func integers(_ name: String) throws -> [Int] {
        try floats(name).map { Int($0) }
    }
}

/// The largest difference, relative to the largest expected number.
func relativeError(_ got: [Float], _ expected: [Float]) -> Float {
    guard got.count == expected.count else { return .infinity }
    let scale = expected.map(abs).max() ?? 1
    return (zip(got, expected).map { abs($0 - $1) }.max() ?? 0) / scale
}

/// An evaluator over an imported encoder.
func evaluator(_ values: ParameterValues) throws -> Evaluator {
    Evaluator(values, workspace: try Workspace(size: 1 << 22))
}

/// A directory that is removed after use.
func withTemporaryDirectory<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "gmner-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(FilePath(directory.path))
}
