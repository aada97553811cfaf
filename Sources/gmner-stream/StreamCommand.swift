import ArgumentParser

@main
struct StreamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gmner-stream")
}
