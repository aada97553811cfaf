import Foundation
import Randomness
import Subprocess
import SystemPackage

/// Paths of pictures that lead where no post may look.
extension FaultCase {
    static let paths: [FaultCase] = [
        FaultCase(family: "path", name: "tricks", tries: (2, 20)) { scene, tries, tally in
            for number in 0..<tries {
                tally.begin(number)
                try await trick(scene, number % 2 == 0 ? "--sandbox" : "--no-sandbox", &tally)
            }
        },
        .each("path", "no pictures", (2, 20)) { scene, _, tally in
            let folders = try PictureFolders(in: scene)
            for root in [
                ["--image-root", folders.root.string], ["--image-root", folders.root.string, "--allow-any-path"],
            ] {
                _ = try await answers(to: PictureFolders.oddities, scene, root, &tally)
            }
        },
        FaultCase(family: "path", name: "links swapped meanwhile", tries: (2_000, 60_000)) { scene, tries, tally in
            try await swap(scene, tries, "--sandbox", &tally)
            try await swap(scene, tries, "--no-sandbox", &tally)
            tally.begin(tries - 1)
        },
    ]

    /// What is outside is not opened, and nobody learns whether it is there.
    private static func trick(_ scene: Scene, _ sandbox: String, _ tally: inout Tally) async throws {
        let folders = try PictureFolders(in: scene)
        let watcher = try Watcher([folders.outside])
        let options = ["--image-root", folders.root.string, sandbox]
        let there = try await answers(to: folders.tricks("secret.png"), scene, options, &tally)
        let notThere = try await answers(to: folders.tricks("nothing.png"), scene, options, &tally)
        if watcher.notices() > 0 { tally.find("something outside was opened") }
        for (one, other) in zip(there, notThere)
        where one.replacing("secret.png", with: "") != other.replacing("nothing.png", with: "") {
            tally.find("tells what exists:\n        \(one)\n        \(other)")
        }
        for answer in there where answer.contains("\"image\":") { tally.find("shows what is outside: \(answer)") }
        let inside = try await answers(to: ["inside.png", "sub/inside.png", "here"], scene, options, &tally)
        tally.note("pictures inside that are seen", inside.count { $0.contains("\"image\":") })
    }

    /// The answers to posts with these pictures, one each.
    private static func answers(
        to paths: [String], _ scene: Scene, _ options: [String], _ tally: inout Tally
    ) async throws -> [String] {
        let (input, output) = (scene.scratch.appending("paths.ndjson"), scene.scratch.appending("answers"))
        try Bytes.write(paths.flatMap { "{\"text\":\"Paris\",\"image\":\"\($0)\"}\n".utf8 }, to: input)
        let ending = try await scene.run(Command(arguments: options, input: .file(input), output: .file(output)))
        tally.count(ending, expected: [.exited(0)])
        let answers = try Bytes.read(output)
        tally.count(NumberedAnswers(count: paths.count).damage(of: answers, .all))
        return String(decoding: answers, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// While posts are answered, a picture and a folder inside become links to the outside, and back again.
    private static func swap(_ scene: Scene, _ posts: Int, _ sandbox: String, _ tally: inout Tally) async throws {
        let folders = try PictureFolders(in: scene)
        let watcher = try Watcher([folders.outside])
        let (input, output) = (scene.scratch.appending("paths.ndjson"), scene.scratch.appending("answers"))
        let lines = (0..<posts).flatMap { number in
            let path = ["picture.png", "folder/secret.png"][number % 2]
            return "{\"text\":\"Paris\",\"image\":\"\(path)\"}\n".utf8
        }
        try Bytes.write(lines, to: input)
        mkdir("\(folders.root)/folder", 0o755)
        link("\(folders.root)/inside.png", "\(folders.root)/folder/secret.png")
        let swapper = Repeater { folders.swap() }
        let command = Command(
            arguments: ["--image-root", folders.root.string, sandbox], input: .file(input), output: .file(output))
        let ending = try await scene.run(command)
        tally.note("swaps", swapper.stop())
        tally.count(ending, expected: [.exited(0)])
        let answers = try Bytes.read(output)
        tally.count(NumberedAnswers(count: posts).damage(of: answers, .all))
        if watcher.notices() > 0 { tally.find("something outside was opened") }
        let text = String(decoding: answers, as: UTF8.self)
        if text.contains("\"width\":\(PictureFolders.widthOfSecret)") { tally.find("shows what is outside") }
        tally.note("pictures inside that were seen", text.split(separator: "\"image\":").count - 1)
        tally.note("refused", text.split(separator: "outside_root").count - 1)
    }
}

extension PictureFolders {
    /// Makes a picture and a folder inside lead outside, and back again.
    fileprivate func swap() {
        symlink("\(secret)", "\(root)/next")
        rename("\(root)/next", "\(root)/picture.png")
        rename("\(root)/folder", "\(root)/real")
        symlink("\(outside)", "\(root)/folder")
        usleep(50)
        link("\(root)/inside.png", "\(root)/next")
        rename("\(root)/next", "\(root)/picture.png")
        unlink("\(root)/folder")
        rename("\(root)/real", "\(root)/folder")
        usleep(50)
    }
}
