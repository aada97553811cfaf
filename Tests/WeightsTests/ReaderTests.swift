import Files
import SystemPackage
import Testing

@testable import Weights

@Suite struct ReaderTests {
    @Test func readsEveryTypeOfTheReferenceImplementation() throws {
        let file = try SafetensorsFile(fixture("types.safetensors"))
        let reader = WeightReader(file)
        #expect(file.metadata == ["format": "pt", "note": "quoted \"é\" \\ and\ttab"])
        #expect(file.tensors.count == 10)
        #expect(try matrix(reader, "matrix", 3, 5) == ramp(15))
        #expect(try matrix(reader, "half", 2, 7) == ramp(14))
        #expect(try matrix(reader, "brain", 2, 7) == ramp(14))
        #expect(try matrix(reader, "rows", 2, 3) == [-25, -15, -5, 20, 60, 100])
        #expect(try matrix(reader, "scalar", 1, 1) == [7.5])
        #expect(try matrix(reader, "nothing", 0, 4) == [])
        #expect(file.tensors["position_ids"]?.type == .int64)
        #expect(file.tensors["position_ids"]?.shape == [1, 6])
    }

    @Test func walksNamesAndFlattensConvolutions() throws {
        let layer = WeightReader(try SafetensorsFile(fixture("types.safetensors"))).at("layer").at("0")
        #expect(try matrix(layer, "weight", 4, 6) == ramp(24))
        #expect(try matrix(layer, "bias", 1, 4) == ramp(4))
        #expect(try matrix(layer, "bias", 4, 1) == ramp(4))
        #expect(layer.entry("gain") == nil)
        #expect(layer.path("bias") == "layer.0.bias")
    }

    @Test func mapsWithoutACopy() throws {
        #expect(
            try WeightReader(SafetensorsFile(fixture("types.safetensors"))).mapped("matrix", rows: 3, columns: 5) == nil
        )
        let reader = WeightReader(try SafetensorsFile(fixture("types.safetensors"), isMapped: true))
        let mapped = try #require(try reader.mapped("matrix", rows: 3, columns: 5))
        let span = mapped.span
        #expect(span.indices.map { span[$0] } == ramp(15))
        #expect(try reader.mapped("half", rows: 2, columns: 7) == nil)
        let rows = try reader.int8Rows("rows", rows: 2, columns: 3)
        let values = rows.values.span
        #expect(values.indices.map { values[$0] } == [-50, -30, -10, 10, 30, 50])
        #expect(rows.scales == [0.5, 2])
    }

    @Test(arguments: [
        ("gone", 1, 1, "is missing"), ("matrix", 5, 3, "has shape [3, 5], not [5, 3]"),
        ("layer.0.weight", 8, 3, "has shape [4, 2, 3], not [8, 3]"),
        ("layer.0.bias", 2, 2, "has shape [4], not [2, 2]"),
        ("position_ids", 1, 6, "is I64, not one of F32, F16, BF16 and int8 rows"),
    ])
    func namesTheTensorThatDoesNotFit(name: String, rows: Int, columns: Int, problem: String) throws {
        let path = try fixture("types.safetensors")
        let reader = WeightReader(try SafetensorsFile(path))
        let error = #expect(throws: FileError.self) { _ = try matrix(reader, name, rows, columns) }
        #expect(error?.description == "\(path): tensor \(name): \(problem)")
    }

    @Test func refusesInt8WithoutScales() throws {
        try withTemporaryPath { path in
            try write(safetensors(#"{"w":{"dtype":"I8","shape":[2,2],"data_offsets":[0,4]}}"#, data: 4), to: path)
            let reader = WeightReader(try SafetensorsFile(path))
            let error = #expect(throws: FileError.self) { _ = try matrix(reader, "w", 2, 2) }
            #expect(error?.description == "\(path): tensor w.row_scale: is missing")
        }
    }

    /// Every type that numbers come in, at the edges of what is looked through at once; the largest number passes.
    @Test(
        arguments: [1, 15, 16, 17, 31, 255, 256, 257, 511, 512, 513, 2000], [ElementType.float32, .float16, .bfloat16])
    func findsTheFirstThatIsNotFinite(count: Int, type: ElementType) throws {
        let (size, infinity): (Int, UInt32) =
            switch type {
            case .float32: (4, 0x7f80_0000)
            case .float16: (2, 0x7c00)
            default: (2, 0x7f80)
            }
        func find(_ bad: [Int: UInt32]) -> Int? {
            var bytes = [UInt8](repeating: 0, count: count * size)
            for index in 0..<count {
                let bits = bad[index] ?? (infinity - 1) | (index % 2 == 0 ? 0 : 1 << UInt32(8 * size - 1))
                for byte in 0..<size {
                    bytes[index * size + byte] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))
                }
            }
            return FiniteCheck.first(type, bytes.span.bytes)
        }
        #expect(find([:]) == nil)
        for index in [0, count / 2, count - 1] {
            for bits in [infinity, infinity + 1, infinity | 1 << UInt32(8 * size - 1)] {
                var bad = [count - 1: infinity]
                bad[index] = bits
                #expect(find(bad) == index)
            }
        }
    }

    @Test func refusesFactorsThatRowsOverflowWith() throws {
        try withTemporaryPath { path in
            let header =
                #"{"w":{"dtype":"I8","shape":[2,4],"data_offsets":[8,16]},"w.row_scale":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#
            func failure(_ scale: Float) throws -> String? {
                var bytes = safetensors(header, data: 16)
                let start = bytes.count - 12
                for byte in 0..<4 {
                    bytes[start + byte] = UInt8(truncatingIfNeeded: scale.bitPattern >> (8 * UInt32(byte)))
                }
                try write(bytes, to: path)
                let reader = WeightReader(try SafetensorsFile(path))
                var problems: [String] = []
                do { try reader.checkFinite("w") } catch { problems.append(error.description) }
                do { _ = try matrix(reader, "w", 2, 4) } catch { problems.append("\(error)") }
                do { _ = try reader.int8Rows("w", rows: 2, columns: 4) } catch { problems.append(error.description) }
                #expect(problems.isEmpty || problems == [String](repeating: problems[0], count: 3))
                return problems.first
            }
            let found = [try failure(2.6e36), try failure(2.7e36), try failure(.nan)]
            #expect(
                found == [
                    nil, "\(path): tensor w.row_scale: 2.7e+36 at [1] is too large",
                    "\(path): tensor w.row_scale: nan at [1] is not finite",
                ])
        }
    }

    /// `Float16` of the standard library is the reference here: all 65,536 numbers, and back.
    @Test func convertsHalfPrecisionAsTheStandardLibraryDoes() {
        var wrong = 0
        for bits in UInt16.min...UInt16.max {
            let reference = Float(Float16(bitPattern: bits))
            let ours = Conversion.float(half: bits)
            wrong += reference.isNaN ? (ours.isNaN ? 0 : 1) : (ours.bitPattern == reference.bitPattern ? 0 : 1)
            if !reference.isNaN {
                // The number itself, and its neighbourhood: ties and what lies just off them.
                let next = Float(Float16(bitPattern: bits).nextUp)
                for value in [reference, (reference + next) / 2, ((reference + next) / 2).nextDown] where !value.isNaN {
                    wrong += Conversion.half(value) == Float16(value).bitPattern ? 0 : 1
                }
            }
        }
        #expect(wrong == 0)
    }
}
