/// Writes bits as deflate and lossless WebP want them: the lowest of a byte first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    /// A number, its lowest bit first.
    mutating func put(_ value: Int, _ count: Int) {
        for bit in 0..<count { put(bit: value >> bit & 1) }
    }

    /// A code, its highest bit first.
    mutating func putCode(_ code: Int, _ count: Int) {
        for bit in (0..<count).reversed() { put(bit: code >> bit & 1) }
    }

    mutating func putZeros(_ count: Int) {
        let inByte = min(count, 8 - used)
        used += inByte
        let whole = (count - inByte) / 8
        bytes += [UInt8](repeating: 0, count: whole)
        for _ in 0..<(count - inByte - 8 * whole) { put(bit: 0) }
    }

    private mutating func put(bit: Int) {
        if used == 8 {
            bytes.append(0)
            used = 0
        }
        bytes[bytes.count - 1] |= UInt8(bit << used)
        used += 1
    }
}
