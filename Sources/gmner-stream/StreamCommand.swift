import ArgumentParser
import Flow

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
    @OptionGroup(title: "Work") var work: WorkOptions
    @OptionGroup(title: "About") var about: AboutOptions

    mutating func run() throws {
        if let text = about.text { return try Console.answer(text) }
        // First of all: later there are threads that would not know, and files that would take free numbers.
        StandardDescriptors.fill()
        let inherited = Signals.arrange()
        let settings = try Settings(self)
        let status = Session(settings, inherited).run()
        Console.exit(status)
    }
}
