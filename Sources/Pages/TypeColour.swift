import Text

/// Colours by type: the same type has the same one on every page.
///
/// Which colours these are the style says, as `c0` to `c7`; the first four are those of people, places, organisations and
/// other things, whatever a data set calls them.
enum TypeColour {
    static let count = 8

    /// The number of a type's colour.
    static func of(_ type: String) -> Int {
        let fine = TypeInventory.fmnergFine
        let name = fine.index(of: type).flatMap { fine.parentName(of: $0) } ?? type
        if let coarse = TypeInventory.coarse.index(of: name) { return coarse }
        // FNV-1a: whatever else there is keeps its colour from run to run.
        let hash = name.lowercased().utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return 4 + Int(hash % UInt32(count - 4))
    }
}
