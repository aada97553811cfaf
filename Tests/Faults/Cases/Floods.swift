import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// Many posts, through which memory stays what it was.
extension FaultCase {
    static let floods: [FaultCase] = [
        FaultCase(family: "flood", name: "short posts", tries: (100_000, 1_000_000)) { scene, tries, tally in
            try await flood(tries, scene, &tally) { Array("{\"id\":\($0),\"text\":\"Anna met Bob in Rome\"}\n".utf8) }
        },
        FaultCase(family: "flood", name: "posts with pictures", tries: (6_000, 20_000)) { scene, tries, tally in
            let pictures = ExamplePictures.names
            try await flood(tries, scene, &tally) { number in
                let picture = pictures[number % pictures.count]
                return Array("{\"id\":\(number),\"text\":\"Paris\",\"image\":\"\(picture)\"}\n".utf8)
            }
        },
    ]

    /// By how much the memory of the last tenth may differ from that of the first.
    private static let most = 0.05

    private static func flood(
        _ count: Int, _ scene: Scene, _ tally: inout Tally, _ line: @escaping @Sendable (Int) -> [UInt8]
    ) async throws {
        let root = scene.package.appending("examples/posts")
        let command = Command(
            arguments: ["--image-root", root.string, "--jobs", "2"], input: .pipe, output: .pipe())
        var answers = CountedAnswers()
        var samples: [Int] = []
        let ending = try await scene.run(command, within: .seconds(580)) { running in
            let next = Mutex(0)
            running.input?.feed {
                let number = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                return number < count ? line(number) : nil
            }
            while let piece = try running.output?.receive(), !piece.isEmpty {
                answers.take(piece)
                let due = count * (samples.count + 1) / 100
                if answers.count >= due, let memory = running.memory("VmRSS") { samples.append(memory) }
            }
        }
        tally.begin(count - 1)
        tally.count(ending, expected: [.exited(0)])
        tally.count(answers.damage(of: count))
        compare(samples, &tally)
    }

    /// Holds the end of a flood against its beginning.
    private static func compare(_ samples: [Int], _ tally: inout Tally) {
        guard samples.count >= 50 else { return tally.find("only \(samples.count) samples of memory") }
        let tenth = samples.count / 10
        let first = samples.prefix(tenth).sorted()[tenth / 2]
        let last = samples.suffix(tenth).sorted()[tenth / 2]
        let told = "memory in the first tenth \(first >> 10) KiB, in the last \(last >> 10) KiB"
        if abs(Double(last) / Double(first) - 1) > most { tally.find(told) } else { tally.remark(told) }
    }
}

/// Answers to posts whose ids are numbers from 0, looked at as they come.
private struct CountedAnswers {
    private(set) var count = 0
    private var damage = Damage()
    private var beginning: [UInt8] = []

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == 0x0A {
                end()
            } else if beginning.count < 40 {
                beginning.append(byte)
            }
        }
    }

    private mutating func end() {
        let expected = Array("{\"id\":\(count),\"line\":\(count + 1),".utf8)
        if !beginning.starts(with: expected) { damage.torn += 1 }
        count += 1
        beginning.removeAll(keepingCapacity: true)
    }

    func damage(of posts: Int) -> Damage {
        var all = damage
        all.lost += max(0, posts - count)
        all.duplicated += max(0, count - posts)
        all.torn += beginning.isEmpty ? 0 : 1
        return all
    }
}
