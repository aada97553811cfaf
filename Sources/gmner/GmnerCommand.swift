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
            ConvertCommand.self,
            ViewCommand.self,
            ImportCommand.self,
            AverageCommand.self,
            SynthCommand.self,
            TinyModelCommand.self,
        ])
}
