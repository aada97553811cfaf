import ArgumentParser

@main
struct GmnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gmner",
        abstract: "Train, evaluate, convert, view and import models for gmner-stream.",
        subcommands: [
            TrainCommand.self,
            MethodsCommand.self,
            EvalCommand.self,
            EvalGroundingCommand.self,
            EvalNoiseCommand.self,
            CompareCommand.self,
            ConvertCommand.self,
            ViewCommand.self,
            InspectCommand.self,
            ImportCommand.self,
            AverageCommand.self,
            KnowledgeCommand.self,
            SynthCommand.self,
            AugmentCommand.self,
            NounsCommand.self,
            DelegateCommand.self,
            TinyModelCommand.self,
        ])

    /// Runs the command that was asked for; whatever it fails with is told, and ends the program, here.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            Terminal.leave(0)
        } catch {
            Terminal.end(with: error)
        }
    }
}
