import Foundation
import SystemPackage
import Testing

@testable import Weights

/// A file that the reference implementation wrote; see `Fixtures/make.py`.
func fixture(_ name: String) throws -> FilePath {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
    return FilePath(url.path)
}

/// A path in a new directory that goes when the closure is done.
func withTemporaryPath<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(FilePath(directory.path).appending("file.safetensors"))
}

/// Writes bytes to a new file at a path, whatever was there before.
func write(_ bytes: [UInt8], to path: FilePath) throws {
    unlink(path.string)
    let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    defer { try? file.close() }
    _ = try file.writeAll(bytes)
}

/// The bytes of a file.
func read(_ path: FilePath) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path.string))) }

/// A file of a header and `data` zeros behind it.
func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
        + [UInt8](repeating: 0, count: data)
}

/// A matrix of a checkpoint as an array.
func matrix(_ reader: WeightReader, _ name: String, _ rows: Int, _ columns: Int) throws -> [Float] {
    var values = [Float](repeating: .nan, count: rows * columns)
    var span = values.mutableSpan
    try reader.float32(name, rows: rows, columns: columns, into: &span)
    return values
}

/// `start, start + step, …`
func ramp(_ count: Int, step: Float = 0.125, start: Float = -3) -> [Float] {
    (0..<count).map { start + step * Float($0) }
}
