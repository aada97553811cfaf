import ArgumentParser
import Foundation
import SystemPackage

/// Runs the programs under hostile conditions, and counts what that costs. `Tests/Faults/run.sh` calls it.
@main
struct FaultBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fault-bench")

    enum Form: String, ExpressibleByArgument {
        case short
        case long
    }

    @Argument(help: "How much: short or long.")
    var form: Form = .short

    @Option(help: "The root of the package.")
    var package: String

    @Option(help: "The folder of the programs.")
    var programs: String

    @Option(help: "A folder that may be written into.")
    var scratch: String

    @Option(help: "The library that makes system calls fail.")
    var injector: String

    @Option(help: "What random numbers begin with.")
    var seed: UInt64 = 1

    @Option(help: "Only cases whose name in the table has this in it.")
    var only: String = ""

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let cases = FaultCase.all.filter { only.isEmpty || $0.title.contains(only) }
        let scene = try await Scene(
            package: FilePath(package), programs: FilePath(programs), scratch: FilePath(scratch),
            injector: FilePath(injector), seed: seed)
        let table = Table(cases.map(\.title))
        try Self.show(table.heading)
        var isClean = true
        for faultCase in cases {
            var tally = Tally()
            let clock = ContinuousClock()
            let start = clock.now
            do {
                try await faultCase.run(scene, form == .short ? faultCase.tries.short : faultCase.tries.long, &tally)
            } catch {
                tally.find("the bench failed: \(error)")
            }
            tally.finish()
            try Self.show(table.row(faultCase.title, tally) + "   \(clock.now - start)")
            isClean = isClean && tally.isClean
        }
        if !isClean { throw ExitCode(1) }
    }

    /// At once, whatever it goes to.
    private static func show(_ text: String) throws { try FileDescriptor.standardOutput.writeAll("\(text)\n".utf8) }
}
