/// Elements of a tensor in memory that this keeps alive: a mapped file's, or a copy's.
package struct TensorView<Element: BitwiseCopyable & Sendable>: Sendable {
    private let memory: MappedMemory
    private let range: Range<Int>

    /// A view of bytes, or `nil` where they are not aligned, or no whole number of elements.
    init?(_ memory: MappedMemory, _ range: Range<Int>) {
        let start = unsafe Int(bitPattern: memory.buffer.baseAddress) + range.lowerBound
        guard range.count % MemoryLayout<Element>.stride == 0, start % MemoryLayout<Element>.alignment == 0 else {
            return nil
        }
        self.memory = memory
        self.range = range
    }

    /// The elements, row by row.
    package var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: memory.buffer[range])
            return unsafe _overrideLifetime(bytes.bindMemory(to: Element.self).span, borrowing: self)
        }
    }
}

/// A matrix of int8 rows: element `(r, c)` is `values[r, c] · scales[r]`.
package struct Int8Rows: Sendable {
    /// `rows × columns` numbers from −127 to 127.
    package let values: TensorView<Int8>
    /// One factor a row.
    package let scales: [Float]
}
