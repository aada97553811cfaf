import Randomness

/// One kind of hostile condition, tried many times.
struct FaultCase: Sendable {
    /// What it is about; cases of one family follow each other in the table.
    let family: String
    /// What is done, in a few words.
    let name: String
    /// How often, in the short form and in the long one.
    let tries: (short: Int, long: Int)
    /// Does it, and counts what came of it. Throws where the bench itself fails.
    let run: @Sendable (_ scene: Scene, _ tries: Int, _ tally: inout Tally) async throws -> Void

    /// Its name on the command line and in the table.
    var title: String { "\(family): \(name)" }
}

extension FaultCase {
    /// A case whose tries do not know of each other; each has random numbers of its own, the same every time.
    static func each(
        _ family: String, _ name: String, _ tries: (short: Int, long: Int),
        _ body:
            @escaping @Sendable (_ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally) async throws
            -> Void
    ) -> FaultCase {
        FaultCase(family: family, name: name, tries: tries) { scene, tries, tally in
            for number in 0..<tries {
                var random = scene.random("\(family): \(name)", number)
                tally.begin(number)
                try await body(scene, &random, &tally)
            }
        }
    }

    /// All that the bench has, in the order of the table.
    static let all: [FaultCase] =
        kills + sideOutputs + readers + disks + interruptedCalls + mutations + paths + modelFolders + workbench + limits
        + floods + proportions + bombs + delegates
}
