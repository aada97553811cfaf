/// What a tensor of a safetensors file consists of, by the name the format has for it.
package enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case float8e5m2 = "F8_E5M2"
    case float8e4m3 = "F8_E4M3"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case int64 = "I64"
    case uint64 = "U64"
    case float64 = "F64"

    /// Bytes of one element.
    package var size: Int {
        switch self {
        case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }
}

/// One tensor of a file: what it is and where its bytes are.
package struct TensorEntry: Sendable, Equatable {
    /// The type of its elements.
    package let type: ElementType
    /// Its extents, outermost first; empty for a single number.
    package let shape: [Int]
    /// Its bytes, counted from the start of the file.
    package let bytes: Range<Int>

    /// How many elements it has.
    package var count: Int { bytes.count / type.size }
}
