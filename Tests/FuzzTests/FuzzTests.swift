import Foundation
import Fuzzing
import SystemPackage
import Testing

/// The short form of `Tests/fuzz.sh`.
@Suite("Readers survive what nobody would write", .timeLimit(.minutes(2)))
struct FuzzTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func neitherCrashesNorLies(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let directory = FilePath(NSTemporaryDirectory()).appending("gmner-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: directory.string, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        let samples = try target.samplesTaken(in: directory)
        #expect(samples.taken == samples.of)
        let count = 400
        let taken = try target.run(0..<count, seed: 7, in: directory)
        // Else the inputs would not come far, or break nothing.
        #expect(taken > 0 && taken < count * 9 / 10, "\(taken) of \(count) taken")
    }

    @Test func theSameSeedGivesTheSameInputs() {
        for target in FuzzTarget.all {
            #expect(target.input(3, seed: 1) == target.input(3, seed: 1))
            #expect(target.input(3, seed: 1) != target.input(4, seed: 1))
        }
    }
}
