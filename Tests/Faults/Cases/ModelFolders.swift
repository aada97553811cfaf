import Foundation
import Fuzzing
import Randomness
import Subprocess
import SystemPackage

/// Models that are broken, or change while they are used.
extension FaultCase {
    static let modelFolders: [FaultCase] = [
        .each("model", "a file cut off or longer", (15, 500)) { scene, random, tally in
            let model = try copy(scene)
            let file = model.appending(files.randomElement(using: &random) ?? "")
            var bytes = try Bytes.read(file)
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes += (0...Int.random(in: 0..<100, using: &random)).map { _ in 0 }
            } else {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            }
            try Bytes.write(bytes, to: file)
            let name = file.lastComponent?.string ?? ""
            // A table of words may have more rows than words, up to a multiple of 128.
            let isFilledUp = name == "vocab.txt" && bytes.count { $0 == 0x0A } >= 128
            try await open(
                model, scene, expected: isFilledUp ? [0, 66] : [66], "\(name) of \(bytes.count) bytes:", &tally)
        },
        .each("model", "bytes changed", (30, 2_000)) { scene, random, tally in
            let model = try copy(scene)
            let file = model.appending((files + ["config.json"]).randomElement(using: &random) ?? "")
            var bytes = try Bytes.read(file)
            // What is behind the header of weights are numbers, of which any is as good as another.
            let end = file.extension == "safetensors" ? min(bytes.count, 4_096) : bytes.count
            var mutator = Mutator([Array(bytes[..<min(end, 32_000)])], words: [], random)
            bytes.replaceSubrange(..<min(end, 32_000), with: mutator.next())
            try Bytes.write(bytes, to: file)
            try await open(model, scene, expected: [0, 66], "\(file.lastComponent?.string ?? ""):", &tally)
        },
        .each("model", "extreme numbers", (20, 1_000)) { scene, random, tally in
            let model = try copy(scene)
            let text = String(decoding: try Bytes.read(model.appending("config.json")), as: UTF8.self)
            let numbers = text.matches(of: #/: ([0-9.e-]+)/#)
            guard let number = numbers.randomElement(using: &random) else { return }
            let power = 1 << Int.random(in: 0..<63, using: &random)
            let extremes =
                [power, power - 1, -power, 0, .max, .min].map(String.init) + ["1e999", "-0.0", "0.5", "1e-400"]
            let extreme = extremes.randomElement(using: &random) ?? "0"
            let changed = text.replacingCharacters(in: number.1.startIndex..<number.1.endIndex, with: extreme)
            try Bytes.write(changed.utf8, to: model.appending("config.json"))
            // Some are not extreme where they stand.
            try await open(model, scene, expected: [0, 66], "\(text[number.range]) is \(extreme):", &tally)
        },
        .each("model", "not a file", (8, 100)) { scene, random, tally in
            let model = try copy(scene)
            let name = files.randomElement(using: &random) ?? ""
            let path = model.appending(name).string
            unlink(path)
            let kind = Int.random(in: 0..<5, using: &random)
            switch kind {
            case 0: mkfifo(path, 0o666)
            case 1: mkdir(path, 0o755)
            case 2: symlink(path, path)
            case 3: symlink("/dev/zero", path)
            default: break
            }
            try await open(model, scene, expected: [66], "\(name), kind \(kind):", &tally)
        },
        .each("model", "replaced while it is used", (4, 100), replace),
        .each("model", "cut off while it is used", (8, 200)) { scene, random, tally in
            try await damage(scene, &random, &tally) { truncate($0, Int.random(in: 0...10_000, using: &$1)) }
        },
        .each("model", "overwritten while it is used", (8, 200)) { scene, random, tally in
            try await damage(scene, &random, &tally) { path, random in
                let size = (try? Bytes.read(FilePath(path)).count) ?? 0
                let file = Glibc.open(path, O_WRONLY)
                let noise = (0..<size / 2).map { _ in UInt8.random(in: 0...255, using: &random) }
                pwrite(file, noise, noise.count, size / 4)
                close(file)
            }
        },
    ]

    private static let files = [
        "config.json", "vocab.txt", "model.safetensors", "heads.safetensors", "picture.safetensors",
    ]

    private static func copy(_ scene: Scene) throws -> FilePath {
        let model = scene.scratch.appending("model")
        try? FileManager.default.removeItem(atPath: model.string)
        try FileManager.default.copyItem(atPath: scene.tinyModel.string, toPath: model.string)
        return model
    }

    /// Has a few posts answered by a model that may be refused, with a word.
    private static func open(
        _ model: FilePath, _ scene: Scene, expected: [Int32], _ what: String, _ tally: inout Tally
    ) async throws {
        let (input, output) = (scene.scratch.appending("few.ndjson"), scene.scratch.appending("answers"))
        let lines = scene.stream.bytes.split(separator: 0x0A).prefix(60)
        try Bytes.write(lines.joined(separator: [0x0A]), to: input)
        var command = scene.filter(input, to: .file(output))
        command.environment["GMNER_MODEL"] = model.string
        let ending = try await scene.run(command)
        tally.count(ending, expected: Set(expected.map { .exited($0) }), what)
        if ending.status != .exited(0), ending.messages.isEmpty { tally.find("\(what) not a word") }
        if ending.status == .exited(0) {
            tally.count(NumberedAnswers(count: lines.count).damage(of: try Bytes.read(output), .all), what)
        }
        tally.note("refused", ending.status == .exited(66) ? 1 : 0)
    }

    /// Programs that start while one model takes the place of another have one or the other, whole.
    private static func replace(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally
    ) async throws {
        let model = try copy(scene)
        let other = scene.scratch.appending("other")
        let made = try await scene.run(
            Command(program: "gmner", arguments: ["tiny-model", "--to", other.string, "--seed", "8"]))
        tally.count(made, expected: [.exited(0)])
        let output = scene.scratch.appending("answers")
        var command = scene.filter(scene.stream.path, to: .file(output))
        command.environment["GMNER_MODEL"] = other.string
        tally.count(try await scene.run(command), expected: [.exited(0)])
        let answers = [scene.stream.answers, ReferenceAnswers(try Bytes.read(output))]

        let third = "\(model).third"
        let exchange = Repeater {
            for (from, to) in [(model.string, third), (other.string, model.string), (third, other.string)] {
                rename(from, to)
            }
            usleep(500)
        }
        defer { tally.note("times replaced", exchange.stop()) }
        command.environment["GMNER_MODEL"] = model.string
        for _ in 0..<5 {
            let ending = try await scene.run(command)
            // In between there is none for a moment, or files that do not belong together.
            tally.count(ending, expected: [.exited(0), .exited(66)])
            guard ending.status == .exited(0) else { continue }
            let written = try Bytes.read(output)
            let damage = answers.map { $0.damage(of: written, .all) }
            if !damage.contains(where: \.isNone) { tally.count(damage[0], "of neither model:") }
            tally.note("streams answered")
        }
    }

    /// Does something to a file of a model in use: the answers are those that they would have been, or the program says
    /// why there are no more.
    private static func damage(
        _ scene: Scene, _ random: inout SeededGenerator, _ tally: inout Tally,
        _ act: (_ path: String, _ random: inout SeededGenerator) -> Void
    ) async throws {
        let model = try copy(scene)
        let name = files.randomElement(using: &random) ?? ""
        let output = scene.scratch.appending("answers")
        var command = scene.filter(scene.stream.path, to: .file(output))
        command.environment["GMNER_MODEL"] = model.string
        command.input = .pipe
        let first = scene.stream.time * Double(random.uniform())
        let ending = try await scene.run(command) { running in
            let lines = scene.stream.bytes
            let half = lines[..<(lines[..<(lines.count / 2)].lastIndex(of: 0x0A) ?? 0)]
            try running.input?.send(half)
            Pause.sleep(first)
            act(model.appending(name).string, &random)
            running.input?.feed([Array(lines[half.endIndex...])])
        }
        tally.count(ending, expected: [.exited(0), .exited(66), .exited(70)], "\(name) after \(first):")
        let isWhole = ending.status == .exited(0)
        let written = try Bytes.read(output)
        let known =
            isWhole ? written : scene.stream.answers.standingIn(for: Array("\"image.system\"".utf8), in: written)
        tally.count(scene.stream.answers.damage(of: known, isWhole ? .all : .firstLines), "\(name) after \(first):")
    }
}
