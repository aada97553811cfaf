/// What BERT's basic tokeniser does with a Unicode scalar, looked up in two steps: a page, then an entry on it.
///
/// The rules are those of the reference implementation, taken from it scalar by scalar (``ScalarTableData``). Canonical
/// reordering of marks is left out: marks that take part are removed, or are in no vocabulary in either order.
struct ScalarTable: Sendable {
    /// What becomes of a scalar, apart from its mapping.
    enum Kind: UInt8, CaseIterable {
        case keep, drop, space, ideograph, punctuation
        /// Removed where accents are stripped, kept elsewhere.
        case mark
    }

    /// What stands for a scalar after lower-casing and stripping accents.
    enum Mapping {
        case itself
        case scalar(UInt32)
        case scalars(ArraySlice<UInt32>)
    }

    /// The one table; made on first use in a fraction of a millisecond.
    static let shared = ScalarTable()

    private static let pageBits: UInt32 = 8
    private static let pageSize = 1 << Int(pageBits)
    private static let targetMask: UInt32 = 0x1F_FFFF
    private static let expandedFlag: UInt32 = 1 << 23
    private static let kindShift: UInt32 = 24

    /// For each 256 scalars, the page that describes them. The first pages are of one kind throughout, and shared.
    private var pageOf: [UInt16]
    /// Pages of entries: target scalar or place in `expansions` in the low bits (0: itself), kind in the top ones.
    private var entries: [UInt32]
    /// Mappings to several scalars, each led by its length.
    private var expansions: [UInt32] = [0]

    private init() {
        pageOf = [UInt16](repeating: 0, count: 0x110000 >> Int(Self.pageBits))
        entries = Kind.allCases.flatMap { kind in
            [UInt32](repeating: UInt32(kind.rawValue) << Self.kindShift, count: Self.pageSize)
        }
        let ranges: [(String, Kind)] = [
            (ScalarTableData.dropped, .drop), (ScalarTableData.spaces, .space),
            (ScalarTableData.ideographs, .ideograph), (ScalarTableData.punctuation, .punctuation),
            (ScalarTableData.marks, .mark),
        ]
        for (packed, kind) in ranges { readRanges(packed, kind) }
        readMappings()
        readExpansions()
    }

    /// What becomes of a scalar, apart from its mapping.
    func kind(of scalar: UInt32) -> Kind {
        Kind(rawValue: UInt8(truncatingIfNeeded: entry(scalar) >> Self.kindShift)) ?? .keep
    }

    /// What stands for a scalar after lower-casing and stripping accents.
    func mapping(of scalar: UInt32) -> Mapping {
        let entry = entry(scalar)
        let target = entry & Self.targetMask
        guard target != 0 else { return .itself }
        guard entry & Self.expandedFlag != 0 else { return .scalar(target) }
        let start = Int(target) + 1
        return .scalars(expansions[start..<start + Int(expansions[Int(target)])])
    }

    private func entry(_ scalar: UInt32) -> UInt32 {
        let page = Int(pageOf[Int(scalar >> Self.pageBits)])
        return entries[page << Int(Self.pageBits) | Int(scalar & UInt32(Self.pageSize - 1))]
    }

    // MARK: Unpacking

    private mutating func readRanges(_ packed: String, _ kind: Kind) {
        var numbers = PackedNumbers(packed)
        var end: UInt32 = 0
        while let gap = numbers.next(), let length = numbers.next() {
            var scalar = end + UInt32(gap)
            end = scalar + UInt32(length)
            while scalar < end {
                if scalar & UInt32(Self.pageSize - 1) == 0, end - scalar >= UInt32(Self.pageSize) {
                    pageOf[Int(scalar >> Self.pageBits)] = UInt16(kind.rawValue)
                    scalar += UInt32(Self.pageSize)
                } else {
                    update(scalar) { $0 | UInt32(kind.rawValue) << Self.kindShift }
                    scalar += 1
                }
            }
        }
    }

    private mutating func readMappings() {
        var numbers = PackedNumbers(ScalarTableData.mapped)
        var end: UInt32 = 0
        while let gap = numbers.next(), let count = numbers.next(), let stride = numbers.next(),
            let shift = numbers.next()
        {
            for step in 0..<count {
                let scalar = end + UInt32(gap + step * stride)
                update(scalar) { $0 | UInt32(Int(scalar) + shift) }
            }
            end += UInt32(gap + (count - 1) * stride + 1)
        }
    }

    private mutating func readExpansions() {
        var numbers = PackedNumbers(ScalarTableData.expanded)
        while let scalar = numbers.next(), let count = numbers.next() {
            let place = UInt32(expansions.count)
            expansions.append(UInt32(count))
            for _ in 0..<count { expansions.append(UInt32(numbers.next() ?? 0)) }
            update(UInt32(scalar)) { $0 | place | Self.expandedFlag }
        }
    }

    /// Changes the entry of one scalar; gives it a page of its own where it was on a shared one.
    private mutating func update(_ scalar: UInt32, _ change: (UInt32) -> UInt32) {
        let block = Int(scalar >> Self.pageBits)
        if pageOf[block] < Kind.allCases.count {
            let shared = Int(pageOf[block]) * Self.pageSize
            pageOf[block] = UInt16(entries.count / Self.pageSize)
            entries.append(contentsOf: entries[shared..<shared + Self.pageSize])
        }
        let place = Int(pageOf[block]) << Int(Self.pageBits) | Int(scalar & UInt32(Self.pageSize - 1))
        entries[place] = change(entries[place])
    }
}

/// Reads hexadecimal numbers, some with a minus sign, off a string, one by one.
private struct PackedNumbers {
    private var bytes: Substring.UTF8View

    init(_ text: String) {
        bytes = text[...].utf8
    }

    mutating func next() -> Int? {
        var value = 0
        var digits = 0
        var negative = false
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | Int(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | Int(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "-"):
                negative = true
                continue
            default:
                if digits > 0 { return negative ? -value : value }
                continue
            }
            digits += 1
        }
        return digits > 0 ? (negative ? -value : value) : nil
    }
}
