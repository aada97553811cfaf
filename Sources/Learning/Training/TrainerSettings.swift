package import JSON

/// What the loop of a run depends on.
package struct TrainerSettings: Sendable {
    /// How the run goes.
    package var loop: LoopSettings
    /// What makes steps of gradients.
    package var optimizer: OptimizerSettings
    /// What the run is of: recipe, settings and data. A checkpoint of another run is refused.
    package var origin: JSONValue

    /// Settings by their parts.
    package init(_ loop: LoopSettings, _ optimizer: OptimizerSettings, _ origin: JSONValue) {
        self.loop = loop
        self.optimizer = optimizer
        self.origin = origin
    }

    /// What tells a run from another.
    func identity(parameters: Int, examples: Int) -> JSONValue {
        .object([
            .init("run", origin), .init("parameters", .integer(parameters)), .init("examples", .integer(examples)),
        ])
    }
}
