import ArgumentParser
package import Flow
package import Model
package import Text
package import Wire

/// A size on the command line: `65536`, `64K`, `16M`, `1G`.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init(_ bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = argument.last.flatMap { shifts[$0] }
        guard let count = Int(shift == nil ? argument : String(argument.dropLast())), count > 0 else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (shift ?? 0))
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    var defaultValueDescription: String {
        for (shift, suffix) in [(30, "G"), (20, "M"), (10, "K")] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(suffix)"
        }
        return "\(bytes)"
    }
}

/// A time on the command line, in seconds: `10`, `0.5`.
struct Seconds: ExpressibleByArgument {
    let duration: Duration

    init(_ seconds: Int) { duration = .seconds(seconds) }

    init?(argument: String) {
        guard let seconds = Double(argument), (0.001...1e6).contains(seconds) else { return nil }
        duration = .milliseconds(Int(seconds * 1000))
    }

    var defaultValueDescription: String { "\(duration.components.seconds)" }
}

/// Parts of a post on the command line: `text,image`.
struct KeptParts: ExpressibleByArgument {
    var parts: Set<PostPart> = []

    init() {}

    init?(argument: String) {
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let part = PostPart(rawValue: String(name)) else { return nil }
            parts.insert(part)
        }
    }

    var defaultValueDescription: String { "none" }
}

extension ConsultationScheme: ExpressibleByArgument {}
extension Emit: ExpressibleByArgument {}
extension OffsetUnit: ExpressibleByArgument {}
extension MaskForm: ExpressibleByArgument {}
extension UncertaintyKind: ExpressibleByArgument {}
extension Plan.OnError: ExpressibleByArgument {}
extension Plan.Blank: ExpressibleByArgument {}
