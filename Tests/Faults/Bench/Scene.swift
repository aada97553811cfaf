import Foundation
import Randomness
import Subprocess
import SystemPackage

/// Where cases play: the programs, the models, a folder to write into, and a stream that nothing is wrong with.
struct Scene: Sendable {
    /// The root of the package.
    let package: FilePath
    /// The folder of the programs.
    let programs: FilePath
    /// A folder for whatever cases write.
    let scratch: FilePath
    /// A library that makes system calls fail, to be loaded before others.
    let injector: FilePath
    /// What random numbers begin with.
    let seed: UInt64
    /// An ordinary stream.
    private(set) var stream = PostStream.none

    init(package: FilePath, programs: FilePath, scratch: FilePath, injector: FilePath, seed: UInt64) async throws {
        (self.package, self.programs, self.scratch) = (package, programs, scratch)
        (self.injector, self.seed) = (injector, seed)
        let made = try await run(
            Command(program: "gmner", arguments: ["tiny-model", "--to", tinyModel.string, "--seed", "7"]))
        guard made.status == .exited(0) else { throw BenchError("gmner tiny-model: \(made.messages)") }
        stream = try await PostStream(in: self)
    }

    /// A small model of random weights: what is not about the model itself need not wait for a large one.
    var tinyModel: FilePath { scratch.appending("tiny") }

    /// The model that comes with the programs.
    var defaultModel: FilePath { programs.appending("gmner_DefaultModel.resources/model") }

    /// A few small pictures.
    var pictures: FilePath { package.appending("Tests/CommandTests/Pictures") }

    /// What programs see of the environment.
    var environment: [String: String] {
        // A program that crashes must not be kept by a backtrace that nobody reads.
        [
            "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "GMNER_MODEL": tinyModel.string,
            "SWIFT_BACKTRACE": "enable=no",
        ]
    }

    /// The random numbers of one try of a case.
    func random(_ title: String, _ number: Int) -> SeededGenerator {
        let stream = title.utf8.reduce(5381) { $0 &* 33 &+ UInt64($1) }
        return SeededGenerator(seed: seed, stream: stream, UInt64(number))
    }

    /// An empty folder of this name.
    func folder(_ name: String) throws -> FilePath {
        let path = scratch.appending(name)
        try? FileManager.default.removeItem(atPath: path.string)
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        return path
    }
}

/// What keeps the bench from doing its work.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
