import Files
import Foundation
import SystemPackage
import Testing

@testable import Weights

/// Files that change while they are open.
@Suite struct ChangedFileTests {
    private func withOpenFile(_ body: (FilePath, SafetensorsFile) throws -> Void) throws {
        try withTemporaryPath { path in
            try write(read(fixture("types.safetensors")), to: path)
            try body(path, SafetensorsFile(path))
        }
    }

    @Test func oneThatIsCutIsRefused() throws {
        try withOpenFile { path, file in
            try file.requireUnchanged()
            #expect(truncate(path.string, 700) == 0)
            #expect(throws: FileError.self) { try matrix(WeightReader(file), "matrix", 3, 5) }
            #expect(throws: FileError.self) { try WeightReader(file).checkFinite("half") }
            #expect(throws: FileError.self) { try WeightReader(file).int8Rows("rows", rows: 2, columns: 3) }
            #expect(throws: FileError.self) { try file.requireUnchanged() }
        }
    }

    @Test func oneThatIsWrittenOverIsRefused() throws {
        try withOpenFile { path, file in
            let bytes = try read(path)
            let descriptor = try FileDescriptor.open(path, .readWrite)
            defer { try? descriptor.close() }
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(bytes.count - 4), [1, 2, 3, 4])
            let error = #expect(throws: FileError.self) { try file.requireUnchanged() }
            #expect(error?.path == path)
        }
    }

    @Test func oneThatIsReplacedStaysWhatItWas() throws {
        try withOpenFile { path, file in
            let other = path.removingLastComponent().appending("other")
            try write([UInt8](repeating: 0, count: 10), to: other)
            #expect(rename(other.string, path.string) == 0)
            try file.requireUnchanged()
            #expect(try matrix(WeightReader(file), "matrix", 3, 5) == ramp(15))
            #expect(unlink(path.string) == 0)
            #expect(try matrix(WeightReader(file), "half", 2, 7) == ramp(14))
        }
    }

    /// Matrices of more than one piece, whose pieces are not of whole rows either.
    @Test(arguments: SafetensorsWriter.Storage.allCases, [(300, 500), (3, 70_000), (70_000, 3), (1, 100_000)])
    func readsPieceByPiece(storage: SafetensorsWriter.Storage, shape: (rows: Int, columns: Int)) throws {
        try withTemporaryPath { path in
            let values = (0..<shape.rows * shape.columns).map { Float($0 % 255 - 127) }
            var writer = try SafetensorsWriter(
                path, tensors: [.init("w", shape: [shape.rows, shape.columns], as: storage)])
            try writer.write("w", values.span)
            try writer.finish()
            let reader = WeightReader(try SafetensorsFile(path))
            try reader.checkFinite("w")
            let read = try matrix(reader, "w", shape.rows, shape.columns)
            #expect(zip(read, values).allSatisfy { abs($0 - $1) < (storage == .int8Rows ? 0.6 : 1e-6) })
        }
    }

    @Test func saysWhereInALaterPieceANumberIsNone() throws {
        try withTemporaryPath { path in
            var writer = try SafetensorsWriter(path, tensors: [.init("w", shape: [400, 500], as: .float32)])
            try writer.write("w", [Float](repeating: 1, count: 200_000).span)
            try writer.finish()
            var bytes = try read(path)
            let start = bytes.count - 4 * (200_000 - 123_456)
            bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0xC0, 0x7F])
            try write(bytes, to: path)
            let reader = WeightReader(try SafetensorsFile(path))
            let error = #expect(throws: FileError.self) { try reader.checkFinite("w") }
            #expect(error?.message == "nan at [246, 456] is not finite")
        }
    }
}
