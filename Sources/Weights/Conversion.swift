/// What the element types mean as `Float`, and how numbers are rounded to them.
enum Conversion {
    /// The value of a half-precision number (IEEE 754 binary16).
    @inline(__always)
    static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7fff) << 13
        if bits & 0x7c00 == 0x7c00 { return Float(bitPattern: sign | 0x7f80_0000 | magnitude) }
        // The exponents of the two formats differ by 112, also for the subnormal numbers of the smaller one.
        return Float(bitPattern: sign | (Float(bitPattern: magnitude) * 0x1p112).bitPattern)
    }

    /// The nearest half-precision number, ties to even; infinity where it is out of range.
    static func half(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.magnitude
        if value.isNaN { return sign | 0x7e00 }
        if magnitude >= 65_520 { return sign | 0x7c00 }
        // Adding 2¹³ times the last place that stays makes the addition round there.
        let exponent = max(magnitude.bitPattern >> 23, 113)
        let rounder = Float(bitPattern: (exponent + 13) << 23)
        let rounded = (magnitude + rounder) - rounder
        return sign | UInt16(truncatingIfNeeded: (rounded * 0x1p-112).bitPattern >> 13)
    }

    /// Converts the bytes of a tensor into `out`, or returns `false` for a type without a
    /// meaning as numbers of a network.
    static func read(
        _ type: ElementType, _ bytes: RawSpan, into out: inout MutableSpan<Float>
    ) -> Bool {
        switch type {
        case .float32: convert(bytes, &out) { (bits: UInt32) in Float(bitPattern: bits) }
        case .float16: convert(bytes, &out) { (bits: UInt16) in float(half: bits) }
        case .bfloat16: convert(bytes, &out) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        default: return false
        }
        return true
    }

    /// `out[r, c] = values[r, c] · scales[r]`; `bytes` are as many values as there are numbers in `out`.
    static func read(int8 bytes: RawSpan, scales: Span<Float>, columns: Int, into out: inout MutableSpan<Float>) {
        let values = unsafe bytes._unsafeView(as: Int8.self)
        for row in scales.indices {
            let scale = scales[row]
            for index in row &* columns..<(row &+ 1) &* columns {
                unsafe out[unchecked: index] = Float(values[unchecked: index]) * scale
            }
        }
    }

    /// Each row of finite numbers, rounded to the nearest multiples of its largest magnitude / 127.
    static func int8(_ values: Span<Float>, rows: Int, columns: Int) -> (codes: [Int8], scales: [Float]) {
        var codes = [Int8](repeating: 0, count: values.count)
        var scales = [Float](repeating: 0, count: rows)
        for row in 0..<rows {
            var largest: Float = 0
            for index in row * columns..<(row + 1) * columns {
                largest = max(largest, values[index].magnitude)
            }
            // A row too small for a normal factor is a row of zeros.
            let scale = largest / 127
            guard scale.isNormal else { continue }
            scales[row] = scale
            for index in row * columns..<(row + 1) * columns {
                codes[index] = Int8((values[index] / scale).rounded(.toNearestOrEven))
            }
        }
        return (codes, scales)
    }

    /// One element as `Float`; `nil` as for ``read(_:_:into:)``.
    static func element(_ type: ElementType, _ bytes: RawSpan, at index: Int) -> Float? {
        var value = [Float.nan]
        var span = value.mutableSpan
        let part = bytes.extracting(index * type.size..<(index + 1) * type.size)
        return read(type, part, into: &span) ? value[0] : nil
    }

    @inline(__always)
    private static func convert<Element: BitwiseCopyable>(
        _ bytes: RawSpan, _ out: inout MutableSpan<Float>, _ body: (Element) -> Float
    ) {
        let size = MemoryLayout<Element>.size
        for index in 0..<min(out.count, bytes.byteCount / size) {
            unsafe out[unchecked: index] = body(
                bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index &* size, as: Element.self))
        }
    }
}
