import Files
import JSON
import Model

/// What a run is of: recipe, settings, data. A checkpoint is told by it, and a model says it in its `config.json`.
struct RunOrigin: Sendable {
    private var members: [JSONValue.Member]

    init<R: Recipe>(_ recipe: R.Type, _ settings: R.Settings, _ inputs: TrainingInputs, _ data: [DataStamp]) throws {
        members = [
            .init("recipe", .string(R.name)), .init("settings", try settings.json), .init("inputs", inputs.names),
            .init("data", .object(data.map { .init($0.name, $0.json) })),
        ]
    }

    /// What tells this run from another.
    var json: JSONValue { .object(members) }

    /// What a model says of where it comes from.
    ///
    /// - Parameters:
    ///   - evaluation: what was measured of it on development posts.
    ///   - base: what the model says that it stands on.
    func json(_ evaluation: Evaluation, base: JSONValue?) -> JSONValue {
        let scores = evaluation.scalars.map {
            JSONValue.Member($0.name, .number(TrainingProgress.short($0.value, 4)))
        }
        let base = base.map { [JSONValue.Member("base", $0)] } ?? []
        return .object(members + [.init("development", .object(scores))] + base)
    }
}

/// What is known of a part of the data, so that another one is told from it.
struct DataStamp: Sendable, Equatable {
    /// Which part.
    let name: String
    /// Posts in it.
    let posts: Int
    /// Of all that is learned from.
    private let checksum: UInt32

    /// - Parameter digest: hands over everything of an example that is learned from.
    init<Example>(_ name: String, _ examples: [Example], _ digest: (Example, inout CRC32C) -> Void) {
        self.name = name
        posts = examples.count
        checksum = examples.reduce(into: CRC32C()) { digest($1, &$0) }.value
    }

    var json: JSONValue {
        .string("\(posts) \(posts == 1 ? "post" : "posts"), checksum \(String(checksum, radix: 16))")
    }
}

extension CRC32C {
    /// Takes a text in, told from what comes behind it.
    mutating func update(_ text: String) {
        let bytes = Array(text.utf8) + [0]
        update(unsafe bytes.span.bytes)
    }

    /// Takes numbers in.
    mutating func update(_ numbers: [Int32]) {
        update(unsafe numbers.span.bytes)
    }

    /// Takes numbers in.
    mutating func update(_ numbers: [Float]) {
        update(unsafe numbers.span.bytes)
    }
}
