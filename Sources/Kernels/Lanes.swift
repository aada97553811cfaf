/// What the element-wise kernels work on at once: four SSE registers, enough independent chains to hide latencies.
typealias Lanes = SIMD16<Float>

extension Span where Element == Float {
    /// The lanes that start at `index`. One comparison for sixteen numbers: nothing that passes over rows is slower for it.
    @inline(__always)
    func lanes(at index: Int) -> Lanes {
        precondition(index >= 0 && index <= count &- Lanes.scalarCount)
        return unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: index &* MemoryLayout<Float>.stride, as: Lanes.self)
    }

    /// The `count` elements from `index` on, the lanes behind them filled with `padding`.
    @inline(__always)
    func lanes(at index: Int, count: Int, padding: Float = 0) -> Lanes {
        if count >= Lanes.scalarCount { return lanes(at: index) }
        // Lane by lane would go through memory for each of them.
        var lanes = Lanes(repeating: padding)
        precondition(count >= 0 && index >= 0 && count <= self.count &- index)
        unsafe withUnsafeMutableBytes(of: &lanes) { lanes in
            unsafe bytes.withUnsafeBytes { bytes in
                let size = MemoryLayout<Float>.stride
                unsafe lanes.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[index &* size..<(index &+ count) &* size]))
            }
        }
        return lanes
    }
}

extension MutableSpan where Element == Float {
    /// See `Span.lanes(at:)`.
    @inline(__always)
    func lanes(at index: Int) -> Lanes {
        precondition(index >= 0 && index <= count &- Lanes.scalarCount)
        return unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: index &* MemoryLayout<Float>.stride, as: Lanes.self)
    }

    /// See `Span.lanes(at:count:padding:)`.
    @inline(__always)
    func lanes(at index: Int, count: Int, padding: Float = 0) -> Lanes {
        if count >= Lanes.scalarCount { return lanes(at: index) }
        return span.lanes(at: index, count: count, padding: padding)
    }

    /// Stores all lanes from `index` on.
    @inline(__always)
    mutating func store(_ lanes: Lanes, at index: Int) {
        precondition(index >= 0 && index <= count &- Lanes.scalarCount)
        var bytes = unsafe mutableBytes
        unsafe bytes.storeBytes(
            of: lanes, toUncheckedByteOffset: index &* MemoryLayout<Float>.stride, as: Lanes.self)
    }

    /// Stores the first `count` lanes from `index` on.
    @inline(__always)
    mutating func store(_ lanes: Lanes, at index: Int, count: Int) {
        if count >= Lanes.scalarCount {
            store(lanes, at: index)
        } else {
            precondition(count >= 0 && index >= 0 && count <= self.count &- index)
            unsafe Swift.withUnsafeBytes(of: lanes) { lanes in
                unsafe withUnsafeMutableBytes { bytes in
                    let size = MemoryLayout<Float>.stride
                    unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(index &* size)...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: lanes[..<(count &* size)]))
                }
            }
        }
    }

    /// Replaces `range` by what `body` makes of it; `body` gets the position of its first lane and how many count.
    @inline(__always)
    mutating func fill(_ range: Range<Int>, _ body: (_ index: Int, _ count: Int) -> Lanes) {
        var index = range.lowerBound
        while index &+ Lanes.scalarCount <= range.upperBound {
            store(body(index, Lanes.scalarCount), at: index)
            index &+= Lanes.scalarCount
        }
        if index < range.upperBound {
            let rest = range.upperBound &- index
            store(body(index, rest), at: index, count: rest)
        }
    }

    /// Replaces `range` by what `body` makes of the lanes that are there; see ``fill(_:_:)``.
    @inline(__always)
    mutating func update(_ range: Range<Int>, _ body: (_ old: Lanes, _ index: Int, _ count: Int) -> Lanes) {
        var index = range.lowerBound
        while index &+ Lanes.scalarCount <= range.upperBound {
            store(body(lanes(at: index), index, Lanes.scalarCount), at: index)
            index &+= Lanes.scalarCount
        }
        if index < range.upperBound {
            let rest = range.upperBound &- index
            store(body(lanes(at: index, count: rest), index, rest), at: index, count: rest)
        }
    }

    /// Copies `count` elements of `source`.
    @inline(__always)
    mutating func copy(_ source: Span<Float>, from: Int, to: Int, count: Int) {
        fill(to..<to + count) { index, rest in source.lanes(at: from &+ index &- to, count: rest) }
    }
}

extension SIMD16<Float> {
    /// The larger of each pair; of two zeros or with a NaN, the other one.
    @inline(__always)
    func larger(_ other: Self) -> Self { self.replacing(with: other, where: other .> self) }

    /// The smaller of each pair.
    @inline(__always)
    func smaller(_ other: Self) -> Self { self.replacing(with: other, where: other .< self) }

    /// The absolute values: the sign bits cleared.
    @inline(__always)
    var magnitudes: Self {
        let bits = unsafe unsafeBitCast(self, to: SIMD16<UInt32>.self) & 0x7fff_ffff
        return unsafe unsafeBitCast(bits, to: Self.self)
    }

    /// The sum of all lanes, pairwise.
    @inline(__always)
    var total: Float {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        return (four[0] + four[2]) + (four[1] + four[3])
    }
}

/// Calls `body` with the position of each group of lanes among `count` elements, and with how many of them count.
@inline(__always)
func each(_ count: Int, _ body: (_ index: Int, _ count: Int) -> Void) {
    var index = 0
    while index &+ Lanes.scalarCount <= count {
        body(index, Lanes.scalarCount)
        index &+= Lanes.scalarCount
    }
    if index < count { body(index, count &- index) }
}
