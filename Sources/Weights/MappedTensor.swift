/// Elements that stay in their file: a view that keeps the file mapped.
package struct MappedTensor<Element: BitwiseCopyable & Sendable>: Sendable {
    private let file: SafetensorsFile
    private let tensor: TensorEntry

    /// A view of a tensor, or `nil` where it is not aligned in the file or has elements of another size.
    init?(_ file: SafetensorsFile, _ tensor: TensorEntry) {
        guard file.elements(of: tensor, as: Element.self) != nil else { return nil }
        self.file = file
        self.tensor = tensor
    }

    /// The elements, row by row.
    package var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            guard let span = file.elements(of: tensor, as: Element.self) else { return Span() }
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

/// A matrix of int8 rows: element `(r, c)` is `values[r, c] · scales[r]`.
package struct Int8Rows: Sendable {
    /// `rows × columns` numbers from −127 to 127.
    package let values: MappedTensor<Int8>
    /// One factor a row.
    package let scales: MappedTensor<Float>
}
