import FoundationEssentials
import JSON

/// One thing that a run can be told: its default, what it may be, and a line on what it does, all in one place.
///
/// ```swift
/// @Setting("Passes over the training posts.", .atLeast(1)) var epochs = 5
/// ```
///
/// In JSON it is the value alone.
@propertyWrapper
package struct Setting<Value: Codable & Sendable & Equatable>: Codable, Sendable {
    /// The value.
    package var wrappedValue: Value
    /// What it does, in one line.
    let help: String
    let bounds: SettingBounds

    /// A setting with its default.
    package init(wrappedValue: Value, _ help: String, _ bounds: SettingBounds = .any) {
        self.wrappedValue = wrappedValue
        self.help = help
        self.bounds = bounds
    }

    /// A choice among names.
    package init(wrappedValue: Value, _ help: String)
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        self.init(wrappedValue: wrappedValue, help, .oneOf(Value.allCases.map(\.rawValue)))
    }

    /// Reads the value alone.
    package init(from decoder: any Decoder) throws {
        self.init(wrappedValue: try decoder.singleValueContainer().decode(Value.self), "")
    }

    /// Writes the value alone.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension Setting: Equatable {
    /// Whether the values are the same.
    package static func == (one: Setting, other: Setting) -> Bool { one.wrappedValue == other.wrappedValue }
}

/// What a setting may be.
package enum SettingBounds: Sendable {
    /// Anything of its type.
    case any
    /// A number of at least this.
    case atLeast(Double)
    /// A number between two, both included.
    case between(Double, Double)
    /// A share of something that cannot be all of it: 0 up to, not including, 1.
    case belowOne
    /// One of these names.
    case oneOf([String])

    /// A share of something: 0 to 1.
    package static let share = SettingBounds.between(0, 1)
    /// A number that is not negative.
    package static let notNegative = SettingBounds.atLeast(0)

    /// The same in words; `nil` for anything.
    var text: String? {
        switch self {
        case .any: nil
        case .atLeast(let low): "at least \(Self.short(low))"
        case .between(let low, let high): "\(Self.short(low)) to \(Self.short(high))"
        case .belowOne: "0 to less than 1"
        case .oneOf(let names):
            names.count < 2
                ? names.joined() : names.dropLast().joined(separator: ", ") + " or \(names[names.count - 1])"
        }
    }

    func hold(_ value: JSONValue) -> Bool {
        switch self {
        case .any: true
        case .atLeast(let low): value.double.map { $0 >= low } ?? false
        case .between(let low, let high): value.double.map { low <= $0 && $0 <= high } ?? false
        case .belowOne: value.double.map { 0 <= $0 && $0 < 1 } ?? false
        case .oneOf(let names): value.string.map(names.contains) ?? false
        }
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : "\(number)"
    }
}

/// A setting of any type, as a list of settings sees it.
protocol AnySetting {
    var help: String { get }
    var bounds: SettingBounds { get }
    /// The value as JSON.
    var json: JSONValue { get throws }
    /// What is wrong with a value in place of this one; `nil` where nothing is.
    func objection(to value: JSONValue) -> String?
}

extension Setting: AnySetting {
    var json: JSONValue {
        get throws {
            let list = try JSONValue(parsing: Array(JSONEncoder().encode([wrappedValue])))
            return list.elements?.first ?? .null
        }
    }

    func objection(to value: JSONValue) -> String? {
        var bytes: [UInt8] = []
        JSONValue.array([value]).write(into: &bytes)
        let isOfType = (try? JSONDecoder().decode([Value].self, from: Data(bytes))) != nil
        guard !isOfType || !bounds.hold(value) else { return nil }
        return "expected \(([kind] + [bounds.text].compactMap(\.self)).filter { !$0.isEmpty }.joined(separator: ", "))"
    }

    private var kind: String {
        switch wrappedValue {
        case is Bool: "true or false"
        case is any BinaryInteger: "a whole number"
        case is any BinaryFloatingPoint: "a number"
        default: ""
        }
    }
}
