import ArgumentParser
import JSON
import Learning

/// `gmner methods`: what can be trained, and what can be told to it.
struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods",
        abstract: "List the methods that train knows, or the settings of one.")

    @Argument(help: "A method; all of them, with paper and numbers, where none is given.")
    var name: String?

    @Flag(help: "Print the settings with their defaults as JSON, for train --settings.")
    var json = false

    func validate() throws {
        if json && name == nil { throw ValidationError("--json prints the settings of a method: which one?") }
    }

    func run() throws {
        guard let name else {
            let width = Recipes.all.map { $0.name.count }.max() ?? 0
            let space = Self.wide("", width)
            let entries = Recipes.all.map { recipe in
                """
                \(Self.wide(recipe.name, width))  \(recipe.summary)
                \(space)  paper: \(recipe.paper)
                \(space)  measured: \(recipe.measured)

                """
            }
            return try Terminal.write(entries.joined())
        }
        try Terminal.write(describe(Recipes.named(name)))
    }

    private func describe<R: Recipe>(_ recipe: R.Type) throws -> String {
        let settings = R.Settings()
        if json {
            var bytes: [UInt8] = []
            try settings.json.write(into: &bytes)
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
        let inputs = TrainingInput.allCases.filter { R.inputs[$0] != nil }
        func options(_ isNeeded: Bool) -> String {
            let names = inputs.filter { R.inputs[$0] == isNeeded }.map { "--\($0.rawValue)" }
            return names.isEmpty ? "nothing" : names.joined(separator: ", ")
        }
        let rows = try SettingsSheet(settings).rows.map { row in
            var value: [UInt8] = []
            row.value.write(into: &value)
            let shown = row.value.string ?? String(decoding: value, as: UTF8.self)
            return (row.path, shown, row.help + (row.bounds.map { " (\($0))" } ?? ""))
        }
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        let lines = rows.map { "  \(Self.wide($0.0, widths.0))  \(Self.wide($0.1, widths.1))  \($0.2)\n" }
        return """
            \(R.name): \(R.summary)
            Paper: \(R.paper)
            Measured: \(R.measured)
            Trained by: \(R.command)
            Needs: \(options(true)); may read: \(options(false))

            Settings, with their defaults:
            \(lines.joined())
            """
    }

    private static func wide(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
