import ArgumentParser
import Flow
import Reporting
import SystemPackage

/// The filter: posts in, triples out.
@main
struct StreamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gmner-stream",
        abstract: "Finds the named entities of posts, and where their pictures show them.",
        usage: "gmner-stream [OPTION ...] [FILE ...]",
        discussion: """
            Reads one JSON object a line and writes one answer a line, in the same order. With no FILE, or where FILE \
            is -, standard input is read. See gmner-stream(1) for the forms of input and output.
            """,
        helpNames: .long)

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Pictures") var pictures: PictureOptions
    @OptionGroup(title: "Outside model") var outside: DelegateOptions
    @OptionGroup(title: "Work") var work: WorkOptions
    @OptionGroup(title: "About") var about: AboutOptions

    static func main() {
        guard Resources.hasMemoryToStart else {
            Console.exit(Console.fail(.internalFault, "the memory is too small to start; see ulimit -v, ulimit -d"))
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Console.end(with: error)
        }
    }

    mutating func run() throws {
        if let text = about.text { return try Console.answer(text) }
        // Before any file is opened, which would take a free number, and before there are threads.
        StandardDescriptors.fill()
        let settings = try Settings(self)
        let status: ExitStatus
        do throws(Errno) {
            status = Session(settings, try Signals()).run()
        } catch {
            status = Console.fail(.internalFault, "cannot start: \(error)")
        }
        Console.exit(status)
    }
}
