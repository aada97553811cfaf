import Foundation
import SystemPackage
import Testing
@testable import Weights

@testable import Model

/// Weights of another shape or type than the configuration says are refused when a model is opened, whichever file they
/// are in and whenever they are read.
@Suite struct WeightFormTests {
    /// A change to a header that leaves all lengths as they are, so that only what it says is wrong.
    private func refusals(
        _ storage: SafetensorsWriter.Storage, _ change: (_ entry: String, _ tensor: TensorEntry) -> String?
    ) throws -> [(tensor: String, message: String)] {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: storage), seed: 1)
            var refusals: [(String, String)] = []
            for name in ["model.safetensors", "heads.safetensors", "picture.safetensors"] {
                let path = directory.appending(name)
                guard let good = FileManager.default.contents(atPath: path.string) else { continue }
                for (tensor, entry) in try SafetensorsFile(path).tensors {
                    guard let header = try self.header(good, tensor, { change($0, entry) }) else { continue }
                    var bytes = good
                    bytes.replaceSubrange(8..<8 + header.count, with: header)
                    try FileManager.default.removeItem(atPath: path.string)
                    try bytes.write(to: URL(filePath: path.string))
                    let error = #expect(throws: ModelError.self, "\(name) \(tensor)") {
                        try Grounder(directory: directory)
                    }
                    #expect(error?.message.hasPrefix("\(path): tensor ") == true, "\(error?.message ?? "")")
                    refusals.append((tensor, error?.message ?? ""))
                }
                try FileManager.default.removeItem(atPath: path.string)
                try good.write(to: URL(filePath: path.string))
            }
            _ = try Grounder(directory: directory)
            return refusals
        }
    }

    /// The header with another entry for a tensor, of the same length.
    private func header(_ file: Data, _ tensor: String, _ change: (String) -> String?) throws -> Data? {
        let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = String(decoding: file[8..<8 + length], as: UTF8.self)
        let start = try #require(header.range(of: "\"\(tensor)\":{"))
        let end = try #require(header.range(of: "}", range: start.upperBound..<header.endIndex))
        let entry = String(header[start.lowerBound..<end.upperBound])
        guard let changed = change(entry) else { return nil }
        #expect(changed.utf8.count <= entry.utf8.count)
        let spaces = String(repeating: " ", count: entry.utf8.count - changed.utf8.count)
        return Data((header.replacing(entry, with: changed + spaces)).utf8)
    }

    @Test(arguments: SafetensorsWriter.Storage.allCases)
    func anotherShape(storage: SafetensorsWriter.Storage) throws {
        let refusals = try refusals(storage) { entry, tensor in
            guard tensor.shape.count == 2, tensor.shape[0] != tensor.shape[1], tensor.shape[0] > 1 else { return nil }
            return entry.replacing(
                "[\(tensor.shape[0]),\(tensor.shape[1])]", with: "[\(tensor.shape[1]),\(tensor.shape[0])]")
        }
        #expect(refusals.count > 10)
        #expect(refusals.contains { $0.tensor.hasPrefix("picture.") && $0.message.contains("has shape") })
    }

    @Test(arguments: SafetensorsWriter.Storage.allCases)
    func anotherType(storage: SafetensorsWriter.Storage) throws {
        let others: [ElementType: String] = [.float32: "I32", .float16: "I16", .int8: "U8"]
        let refusals = try refusals(storage) { entry, tensor in
            others[tensor.type].map { entry.replacing("\"\(tensor.type.rawValue)\"", with: "\"\($0)\"") }
        }
        #expect(refusals.count > 40)
        #expect(
            refusals.contains { $0.tensor == "picture.layernorm.weight" && $0.message.contains("is I32, not one of") })
    }

    /// A tensor under another name is missing; so is a matrix of whole numbers without its scales.
    @Test(arguments: SafetensorsWriter.Storage.allCases)
    func anotherName(storage: SafetensorsWriter.Storage) throws {
        let refusals = try refusals(storage) { entry, _ in "\"~" + entry.dropFirst(2) }
        #expect(refusals.count > 40)
        #expect(refusals.allSatisfy { $0.message.hasSuffix("is missing") })
    }
}
