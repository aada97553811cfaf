import Text

/// Names of files that are made of ids. An id comes from data: it may hold anything, and may be meant to lead elsewhere.
///
/// What could lead out of a folder, hide a file, end its name or command a terminal is written as bytes in hexadecimal
/// behind `%`, as in URLs, and so is `%`: two ids never have the same name, and the id can be read off it again. Only of
/// a long id no more than its beginning can.
package enum FileName {
    /// Bytes that a name has at most: with what is put behind it, file systems take 255.
    private static let longest = 180
    /// Bytes that a name which is there already may have.
    private static let longestGiven = 250

    /// The name for an id, without anything behind it; the same wherever it is asked for.
    package static func of(_ id: String) -> String {
        guard !id.isEmpty else { return "%" }
        var name = ""
        for (place, scalar) in id.unicodeScalars.enumerated() {
            let part = isSafe(scalar, isFirst: place == 0) ? String(scalar) : escaped(scalar)
            if name.utf8.count + part.utf8.count > longest { return name + "%~" + hash(id) }
            name.unicodeScalars.append(contentsOf: part.unicodeScalars)
        }
        return name
    }

    /// Whether an id can be the name of a file as it is: other than for ``of(_:)`` there may be anything but what leads
    /// elsewhere, or is the name for another id.
    static func isPlain(_ id: String) -> Bool {
        let bytes = Array(id.utf8)
        return !bytes.isEmpty && !bytes.contains(0)
            && bytes.indices.allSatisfy { place in
                guard bytes[place] == UInt8(ascii: "%"), place + 1 < bytes.count else { return true }
                return bytes[place + 1] != UInt8(ascii: "~") && !Character(Unicode.Scalar(bytes[place + 1])).isHexDigit
            }
    }

    /// A file's own name, as it is: only what leads elsewhere or commands a terminal is written as ``of(_:)`` does.
    static func keeping(_ name: String) -> String {
        let leadsOn = ["", ".", ".."].contains(name) || name.utf8.count > longestGiven
        let isHarmless = name.unicodeScalars.allSatisfy { scalar in scalar == "%" || isSafe(scalar, isFirst: false) }
        return !leadsOn && isHarmless ? name : of(name)
    }

    /// The name with its first character in hexadecimal: for ids that would have the name of something else.
    fileprivate static func avoiding(_ name: String) -> String {
        guard let first = name.unicodeScalars.first else { return name }
        return escaped(first) + String(name.unicodeScalars.dropFirst())
    }

    private static func isSafe(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar {
        case "/", "\\", "%", "\u{2028}", "\u{2029}": false
        // Hidden, a folder, or an option.
        case ".", "-": !isFirst
        default: scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf8.map { "%" + hexadecimal(UInt64($0), digits: 2) }.joined()
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// FNV-1a (Fowler, Noll, Vo).
    private static func hash(_ id: String) -> String {
        hexadecimal(id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, digits: 16)
    }
}

/// Names that are given once each.
struct TakenNames {
    private let reserved: Set<String>
    private var taken: Set<ExactString>

    /// - Parameter reserved: Names that mean something else where the files go.
    init(reserved: Set<String> = []) {
        self.reserved = reserved
        taken = Set(reserved.map(\.exact))
    }

    /// A name, or where it is taken already, the name and a number.
    mutating func take(_ wanted: String) -> String {
        let name = reserved.contains(wanted) ? FileName.avoiding(wanted) : wanted
        var free = name
        var number = 1
        while !taken.insert(free.exact).inserted {
            number += 1
            free = "\(name)~\(number)"
        }
        return free
    }
}

/// The names of files of all posts of an export, after their ids: of each post another one.
struct FileNames {
    private var names: [ExactString: String] = [:]

    /// - Parameter reserved: Names that mean something else where the files go.
    init(_ data: LabelledData, reserved: Set<String> = []) {
        var taken = TakenNames(reserved: reserved)
        // Long ids can be made to have the same checksum.
        for post in data.posts { names[post.id.exact] = taken.take(FileName.of(post.id)) }
    }

    /// A post's file in a folder (`""`: where the export goes).
    func file(_ folder: String, _ post: LabelledPost, _ suffix: String, _ text: String) -> ExportedFile {
        let name = (names[post.id.exact] ?? FileName.of(post.id)) + suffix
        return ExportedFile(folder.isEmpty ? name : "\(folder)/\(name)", text)
    }
}
