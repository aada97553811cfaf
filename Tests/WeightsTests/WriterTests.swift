import Files
import Foundation
import SystemPackage
import Testing

@testable import Weights

@Suite struct WriterTests {
    private let tensors: [SafetensorsWriter.Declaration] = [
        .init("b.weight", shape: [3, 4], as: .float32), .init("half", shape: [5], as: .float16),
        .init("a.weight", shape: [2, 2], as: .float32),
    ]

    @Test func writesTheBytesOfTheReferenceImplementation() throws {
        try withTemporaryPath { path in
            var writer = try SafetensorsWriter(path, tensors: tensors, metadata: ["format": "pt"])
            try writer.write("half", ramp(5, step: 1 / 3).span)
            try writer.write("b.weight", ramp(12).span)
            try writer.write("a.weight", ramp(4).span)
            try writer.finish()
            #expect(try read(path) == read(fixture("written.safetensors")))
            #expect(try FileManager.default.contentsOfDirectory(atPath: path.removingLastComponent().string).count == 1)
        }
    }

    @Test func keepsInt8RowsWithinHalfAStep() throws {
        try withTemporaryPath { path in
            let values: [Float] = [0.1, -2, 1.999, 0.7, 0, 0, 0, 0, 1e-3, -3e-3, 2e-3, 4e-4]
            var writer = try SafetensorsWriter(path, tensors: [.init("w", shape: [3, 2, 2], as: .int8Rows)])
            try writer.write("w", values.span)
            try writer.finish()
            let reader = WeightReader(try SafetensorsFile(path))
            let read = try matrix(reader, "w", 3, 4)
            for row in 0..<3 {
                let largest = values[row * 4..<row * 4 + 4].map(\.magnitude).max() ?? 0
                for index in row * 4..<row * 4 + 4 {
                    #expect((read[index] - values[index]).magnitude <= largest / 254 * 1.0001)
                }
            }
            let codes = try reader.int8Rows("w", rows: 3, columns: 4).values
            #expect(codes.span[1] == -127)
            #expect(reader.entry("w.row_scale")?.shape == [3])
        }
    }

    @Test func leavesNothingBehindUnlessFinished() throws {
        try withTemporaryPath { path in
            do {
                var writer = try SafetensorsWriter(path, tensors: tensors)
                try writer.write("a.weight", ramp(4).span)
            }
            let error = #expect(throws: FileError.self) {
                let writer = try SafetensorsWriter(path, tensors: tensors)
                try writer.finish()
            }
            #expect(error?.part == .tensor("a.weight"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: path.removingLastComponent().string).isEmpty)
        }
    }

    @Test func refusesWhatItCannotKeep() throws {
        try withTemporaryPath { path in
            var writer = try SafetensorsWriter(
                path,
                tensors: [
                    .init("h", shape: [2], as: .float16), .init("i", shape: [1, 2], as: .int8Rows),
                    .init("f", shape: [1, 2, 1], as: .float32),
                ])
            func failure(_ name: String, _ values: [Float]) -> String? {
                do { try writer.write(name, values.span) } catch { return error.message }
                return nil
            }
            #expect(failure("h", [1, 70_000]) == "70000.0 at [1] cannot be kept in half precision")
            #expect(failure("i", [1, .greatestFiniteMagnitude]) == "row 0 is too large for int8 rows")
            for (name, place) in [("h", "[1]"), ("i", "[0, 1]"), ("f", "[0, 1, 0]")] {
                #expect(failure(name, [1, .nan]) == "nan at \(place) is not finite")
                #expect(failure(name, [1, -.infinity]) == "-inf at \(place) is not finite")
            }
            #expect(failure("i", [1]) == "has 1 elements, was declared with 2")
            #expect(failure("x", [1]) == "was not declared")
        }
        let twice: [SafetensorsWriter.Declaration] = [
            .init("w", shape: [1, 1], as: .int8Rows), .init("w.row_scale", shape: [1], as: .float32),
        ]
        #expect(throws: FileError.self) { try withTemporaryPath { _ = try SafetensorsWriter($0, tensors: twice) } }
        #expect(throws: FileError.self) { _ = try SafetensorsWriter("/nowhere/at/all", tensors: tensors) }
    }
}
