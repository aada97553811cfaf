/// A set of lanes, each of which does one thing at a time.
struct Crew: Sendable {
    /// What its threads are called.
    let name: String
    /// Number of its lanes.
    let width: Int
    /// The stages that its lanes serve, most preferred first. Each stage is served by one crew.
    let stages: [Stage]
    /// The most posts of one run, at stages that take several.
    var batch = 1
}

extension Plan {
    /// Who works on a stream.
    var crews: [Crew] {
        [
            // Runs the model, one worker a lane; what is left to do for a post after that is hardly worth a switch.
            Crew(name: "compute", width: jobs, stages: [.format, .ground, .see, .read], batch: batch),
            // Reads and decodes pictures. That is a fraction of encoding them, and also waits for the disk.
            Crew(name: "decode", width: (jobs + 1) / 2, stages: [.decode]),
            // Waits for others.
            Crew(name: "consult", width: 1, stages: [.consult]),
        ]
    }
}
