import FoundationEssentials
package import JSON

/// Everything that training a method decides, in one value: nested structures of ``Setting``s, whose defaults are there and
/// nowhere else.
///
/// As JSON it is what `--settings` reads, where a model comes from in its `config.json`, and what a checkpoint is told by.
package protocol RecipeSettings: Codable, Sendable, Equatable {
    /// The defaults.
    init()
}

extension RecipeSettings {
    /// The defaults, with what is said otherwise.
    ///
    /// - Parameters:
    ///   - file: an object of settings, as ``json`` has them; it may leave out what stays as it is.
    ///   - assignments: `path=value`, each before the ones behind it and the file.
    /// - Throws: ``TrainingError`` for a setting that there is not, with the nearest name, and for one that it cannot be.
    package init(file: JSONValue = .object([]), _ assignments: [String] = []) throws {
        let sheet = try SettingsSheet(Self())
        var values = Dictionary(uniqueKeysWithValues: sheet.rows.map { ($0.path, $0.value) })
        for (path, value) in try file.leaves(of: sheet) { values[path] = value }
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count == 2 else { throw TrainingError(.settings, "\(assignment): expected path=value") }
            let isText = try sheet.require(parts[0]).value.string != nil
            let value = isText ? nil : try? JSONValue(parsing: Array(parts[1].utf8))
            values[parts[0]] = value ?? .string(parts[1])
        }
        for row in sheet.rows {
            guard let value = values[row.path], let objection = row.setting.objection(to: value) else { continue }
            var bytes: [UInt8] = []
            value.write(into: &bytes)
            throw TrainingError(.settings, "\(row.path) is \(String(decoding: bytes, as: UTF8.self)); \(objection)")
        }
        var bytes: [UInt8] = []
        let empty = sheet.empty.map { (path: $0, value: JSONValue.object([])) }
        JSONValue.tree(sheet.rows.map { ($0.path, values[$0.path] ?? $0.value) } + empty).write(into: &bytes)
        self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    }

    /// The settings as an object, in the order in which they are declared.
    package var json: JSONValue {
        get throws { .tree(try SettingsSheet(self).rows.map { ($0.path, $0.value) }) }
    }
}

extension SettingsSheet {
    /// The setting of that path.
    ///
    /// - Throws: ``TrainingError`` with the nearest name where there is none.
    func require(_ path: String) throws(TrainingError) -> Row {
        if let row = self[path] { return row }
        let hint = nearest(to: path).map { "; did you mean \($0)?" } ?? ""
        throw TrainingError(.settings, "there is no setting \(path)\(hint)")
    }
}

extension JSONValue {
    /// Nested objects of paths with points between; what belongs to one object stands together.
    static func tree(_ leaves: [(path: String, value: JSONValue)]) -> JSONValue {
        var members: [Member] = []
        for (path, value) in leaves {
            let names = path.split(separator: ".", maxSplits: 1).map(String.init)
            guard names.count == 2 else {
                members.append(Member(path, value))
                continue
            }
            guard !members.contains(where: { $0.key == names[0] }) else { continue }
            let inner = leaves.filter { $0.path.hasPrefix("\(names[0]).") }
            members.append(
                Member(names[0], tree(inner.map { (String($0.path.dropFirst(names[0].count + 1)), $0.value) })))
        }
        return .object(members)
    }

    /// What the settings in an object are set to, by path.
    fileprivate func leaves(of sheet: SettingsSheet) throws(TrainingError) -> [(path: String, value: JSONValue)] {
        guard case .object = self else { throw TrainingError(.settings, "expected an object of settings") }
        let leaves = leaves()
        for leaf in leaves { _ = try sheet.require(leaf.path) }
        return leaves
    }

    /// Everything in it that is no object, by path.
    func leaves(under path: String = "") -> [(path: String, value: JSONValue)] {
        guard case .object(let members) = self else { return [(path, self)] }
        return members.flatMap { $0.value.leaves(under: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
}
