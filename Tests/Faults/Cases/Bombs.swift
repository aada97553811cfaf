import Foundation
import Subprocess
import SystemPackage

/// Posts that cost more than they look: each alone, and all together.
extension FaultCase {
    /// A post of at most 64 KiB with a picture of at most 1 MiB, on one lane.
    private static let mostTime = Duration.milliseconds(1_500)
    /// The longest work on a post here, and what may be added to it.
    private static let timeout = Duration.seconds(1)
    private static let afterTimeout = Duration.milliseconds(200)
    /// What a post may leave behind in memory.
    private static let mostLeft = 32 << 20

    static let bombs: [FaultCase] =
        Bomb.all.map { bomb in
            FaultCase(family: "bomb", name: bomb.name, tries: (1, 3)) { scene, tries, tally in
                for number in 0..<tries {
                    tally.begin(number)
                    try await explode(bomb, scene, &tally)
                }
            }
        } + [together(jobs: 2, limit: 700 << 20), together(jobs: 16, limit: 1_229 << 20)]

    /// Has one bomb answered between two ordinary posts.
    private static func explode(_ bomb: Bomb, _ scene: Scene, _ tally: inout Tally) async throws {
        let pictures = try scene.folder("bombs")
        let line = try bomb.line(pictures)
        let isSmall = line.count <= 64 << 10 && !bomb.isLarge
        try copyPhotograph(scene, to: pictures)
        var command = Command(
            arguments: ["--image-root", pictures.string, "--jobs", "1"] + bomb.arguments, input: .pipe, output: .pipe())
        command.environment["GMNER_MODEL"] = scene.defaultModel.string
        // Small ones have to be quick by themselves.
        if !isSmall { command.arguments += ["--timeout", "\(timeout.seconds)"] }
        var measures: (time: Duration, before: Int, after: Int, peak: Int)?
        let ending = try await scene.run(command) { running in
            guard let input = running.input, let output = running.output else { return }
            try input.send(ordinary("before", image: ",\"image\":\"photograph.jpg\""))
            guard try output.receive(through: "before") else { return }
            running.forgetPeak()
            let before = running.memory("VmRSS") ?? 0
            let clock = OwnTime(running)
            input.feed([line, [0x0A], Array(ordinary("after"))], keepsOpen: true)
            let isAnswered = try output.receive(through: "after")
            input.awaitFeeder()
            guard isAnswered else { return }
            let time = clock.elapsed
            let peak = running.memory("VmHWM") ?? 0
            // What is not needed may be given back a moment later.
            _ = Pause.until(within: .milliseconds(500)) { (running.memory("VmRSS") ?? 0) - before <= mostLeft }
            measures = (time, before, running.memory("VmRSS") ?? 0, peak)
        }
        tally.count(ending, expected: [.exited(0)], "of \(line.count) bytes:", measured: measures == nil)
        guard let measures else { return }
        tally.measure(measures.time, measures.peak)
        let limit = isSmall ? mostTime : timeout + afterTimeout
        if measures.time > limit { tally.find("took \(measures.time), the limit is \(limit)") }
        let left = measures.after - measures.before
        if left > mostLeft { tally.find("left \(left >> 20) MiB behind, the limit is \(mostLeft >> 20)") }
    }

    /// All bombs, one after the other, on several lanes.
    private static func together(jobs: Int, limit: Int) -> FaultCase {
        FaultCase(family: "bombs", name: "all together, \(jobs) jobs", tries: (1, 3)) { scene, tries, tally in
            let pictures = try scene.folder("bombs")
            let (input, output) = (scene.scratch.appending("bombs.ndjson"), scene.scratch.appending("answers"))
            for number in 0..<tries {
                tally.begin(number)
                var random = scene.random("together", number)
                // Of those with options of their own, the form with the most output is another case.
                let bombs = Bomb.all.filter { !$0.arguments.contains("triples") }.shuffled(using: &random)
                try Bytes.write([], to: input)
                for bomb in bombs { try Bytes.append(bomb.line(pictures) + [0x0A], to: input) }
                var command = scene.filter(input, to: .file(output))
                command.arguments = [
                    "--image-root", pictures.string, "--jobs", "\(jobs)", "--timeout", "\(timeout.seconds)",
                ]
                command.environment["GMNER_MODEL"] = scene.defaultModel.string
                let ending = try await scene.run(command, within: .seconds(180))
                tally.count(ending, expected: [.exited(0)])
                tally.count(NumberedAnswers(count: bombs.count).damage(of: try Bytes.read(output), .all))
                if ending.peakMemory > limit {
                    tally.find("\(ending.peakMemory >> 20) MiB at the peak, the limit is \(limit >> 20)")
                }
            }
        }
    }

    private static func ordinary(_ id: String, image: String = "") -> [UInt8] {
        Array("{\"id\":\"\(id)\",\"text\":\"Anna met Bob in Rome\"\(image)}\n".utf8)
    }

    private static func copyPhotograph(_ scene: Scene, to folder: FilePath) throws {
        let photograph = try Bytes.read(scene.package.appending("examples/posts/collins.jpg"))
        try Bytes.write(photograph, to: folder.appending("photograph.jpg"))
    }
}

extension Bomb {
    /// All of them.
    static let all = pictures + texts + json
}

extension PipeEnd {
    /// Reads until the end of the answer to a post with this id; whether that came.
    fileprivate func receive(through id: String) throws -> Bool {
        let mark = Array("{\"id\":\"\(id)\"".utf8)
        // At the beginning of a line, which may come in pieces.
        var line: [UInt8] = []
        while true {
            let piece = try receive()
            if piece.isEmpty { return false }
            for byte in piece {
                if byte == 0x0A {
                    if line == mark { return true }
                    line = []
                } else if line.count < mark.count {
                    line.append(byte)
                }
            }
        }
    }
}
