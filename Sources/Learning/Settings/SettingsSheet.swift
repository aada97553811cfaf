package import JSON

/// All settings of a value of nested settings, in the order in which they are declared.
package struct SettingsSheet {
    /// One of them.
    package struct Row {
        /// Names from the outside in, with points between.
        package let path: String
        /// The value.
        package let value: JSONValue
        /// What it does, in one line.
        package let help: String
        /// What it may be; `nil` for anything of its type.
        package let bounds: String?
        let setting: any AnySetting
    }

    /// The settings.
    package let rows: [Row]
    /// Names of the outermost structures that have nothing to set.
    let empty: [String]

    /// Looks through a value.
    package init(_ settings: Any) throws {
        let rows = try Self.rows(settings, under: "")
        self.rows = rows
        empty = Mirror(reflecting: settings).children.compactMap(\.label).filter { label in
            !rows.contains { $0.path.hasPrefix("\(label).") || $0.path == label.drop { $0 == "_" } }
        }
    }

    private static func rows(_ settings: Any, under path: String) throws -> [Row] {
        try Mirror(reflecting: settings).children.flatMap { child -> [Row] in
            guard let label = child.label else { return [] }
            guard let setting = child.value as? any AnySetting else {
                return try rows(child.value, under: "\(path)\(label).")
            }
            // A wrapped property is kept under its name with a line before it.
            return [
                Row(
                    path: path + label.drop { $0 == "_" }, value: try setting.json, help: setting.help,
                    bounds: setting.bounds.text, setting: setting)
            ]
        }
    }

    /// The setting of that path.
    package subscript(path: String) -> Row? { rows.first { $0.path == path } }

    /// The path that somebody who wrote this may have meant: one that ends in the same name, or else the one that is told
    /// from it by the fewest letters.
    package func nearest(to path: String) -> String? {
        func name(_ path: String) -> Substring { path.split(separator: ".").last ?? "" }
        if let same = rows.first(where: { name($0.path) == name(path) }) { return same.path }
        return rows.map { row in
            (row.path, min(path.distance(to: row.path), String(name(path)).distance(to: String(name(row.path)))))
        }.min { $0.1 < $1.1 }?.0
    }
}

extension String {
    /// Letters to put in, take out or change to make one of the other (Levenshtein 1966).
    func distance(to other: String) -> Int {
        let letters = Array(other)
        var row = Array(0...letters.count)
        for (line, letter) in enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in letters.indices {
                let changed = diagonal + (letter == letters[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[letters.count]
    }
}
