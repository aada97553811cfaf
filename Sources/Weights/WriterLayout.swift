import Files
import SystemPackage
import JSON

/// Where each tensor of a new file goes, and the header that says so.
///
/// Tensors of wide elements come first, so that every one is aligned and can be used where it is mapped.
struct WriterLayout {
    struct Slot {
        var storage: SafetensorsWriter.Storage
        var shape: [Int]
        var rows: Int { shape.first ?? 1 }
        var columns: Int { shape.dropFirst().reduce(1, *) }
        /// Bytes from the end of the header.
        var offset: Int
        /// The same for the factors of int8 rows.
        var scaleOffset: Int
    }

    private(set) var slots: [String: Slot] = [:]
    /// Length and JSON, padded to a multiple of eight bytes.
    private(set) var header: [UInt8] = []

    init(
        _ tensors: [SafetensorsWriter.Declaration], metadata: [String: String], path: FilePath
    ) throws(FileError) {
        var pieces: [(name: String, type: ElementType, shape: [Int])] = []
        for tensor in tensors {
            let shape = tensor.shape
            guard shape.allSatisfy({ $0 >= 0 }), shape.count <= 8, tensor.storage != .int8Rows || shape.count >= 2
            else {
                throw FileError(path, .tensor(tensor.name), "cannot be stored with shape \(shape)")
            }
            switch tensor.storage {
            case .float32: pieces.append((tensor.name, .float32, shape))
            case .float16: pieces.append((tensor.name, .float16, shape))
            case .int8Rows:
                pieces.append((tensor.name, .int8, shape))
                pieces.append((tensor.name + WeightReader.rowScaleSuffix, .float32, [shape[0]]))
            }
        }
        pieces.sort { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        var offsets: [String: Int] = [:]
        var end = 0
        var members: [JSONValue.Member] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
            members.append(.init("__metadata__", .object(pairs)))
        }
        for piece in pieces {
            let size = piece.shape.reduce(piece.type.size, *)
            if offsets.updateValue(end, forKey: piece.name) != nil {
                throw FileError(path, .tensor(piece.name), "was declared twice")
            }
            members.append(
                .init(
                    piece.name,
                    .object([
                        .init("dtype", .string(piece.type.rawValue)),
                        .init("shape", .array(piece.shape.map(JSONValue.integer))),
                        .init("data_offsets", .array([.integer(end), .integer(end + size)])),
                    ])))
            end += size
        }
        header = Self.header(members)
        for tensor in tensors {
            slots[tensor.name] = Slot(
                storage: tensor.storage, shape: tensor.shape, offset: offsets[tensor.name] ?? 0,
                scaleOffset: offsets[tensor.name + WeightReader.rowScaleSuffix] ?? 0)
        }
    }

    /// Length and JSON of the members, padded with spaces.
    private static func header(_ members: [JSONValue.Member]) -> [UInt8] {
        var json: [UInt8] = []
        JSONValue.object(members).write(into: &json)
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
    }
}
