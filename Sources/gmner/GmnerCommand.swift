import ArgumentParser

@main
struct GmnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gmner")
}
