/// A string that is the same as another where its bytes are: an id, a type, the name of a picture.
///
/// `String` takes for equal what Unicode calls canonically equivalent, “é” as one scalar and as two; two posts, two types
/// or two files are not one for that.
package struct ExactString: Hashable, Comparable, Sendable {
    /// The string.
    package let string: String

    /// The string as a key.
    package init(_ string: String) {
        self.string = string
    }

    /// Whether the bytes are the same.
    package static func == (one: ExactString, other: ExactString) -> Bool {
        one.string.utf8.elementsEqual(other.string.utf8)
    }

    /// By bytes, which is by scalars.
    package static func < (one: ExactString, other: ExactString) -> Bool {
        one.string.utf8.lexicographicallyPrecedes(other.string.utf8)
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in string.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// The string as a key: ``ExactString``.
    package var exact: ExactString { ExactString(self) }
}
