import SystemPackage
import Glibc
import Randomness

/// A reader that gets inputs which nobody would write: it takes each, or refuses it with an error of its own; it never
/// crashes, hangs, or gives what it promises not to.
package struct FuzzTarget: Sendable {
    /// Name on the command line.
    package let name: String
    let samples: [[UInt8]]
    let words: [[UInt8]]
    /// What makes a whole of what was changed: lengths in front.
    var finish: @Sendable (_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] = { bytes, _ in bytes }
    /// Reads an input, which is at the path too; whether it was taken. Throws where a promise is broken.
    let take: @Sendable (_ bytes: [UInt8], _ path: FilePath) throws -> Bool

    /// Input `number` of a series, the same each time.
    package func input(_ number: Int, seed: UInt64) -> [UInt8] {
        let random = SeededGenerator(seed: seed, stream: UInt64(number))
        var mutator = Mutator(samples, words: words, random)
        var rest = SeededGenerator(seed: seed, stream: UInt64(number), 1)
        return finish(mutator.next(), &rest)
    }

    /// How many samples are taken as they are.
    package func samplesTaken(in directory: FilePath) throws -> (taken: Int, of: Int) {
        let whole = samples.map { bytes in
            var random = SeededGenerator(seed: 0)
            // Of an eighth of all inputs the length is changed, on purpose: not of this one.
            return finish(bytes, &random)
        }
        return (try whole.count { try read($0, in: directory) }, whole.count)
    }

    /// Reads inputs one after the other, each from a file that stays there where the reader crashes.
    ///
    /// - Parameter before: Called before each input.
    /// - Returns: How many were taken.
    package func run(
        _ numbers: Range<Int>, seed: UInt64, in directory: FilePath, before: () -> Void = {}
    ) throws -> Int {
        var taken = 0
        for number in numbers {
            before()
            do {
                if try read(input(number, seed: seed), in: directory) { taken += 1 }
            } catch {
                throw BrokenPromise("\(name), input \(number) of seed \(seed): \(error)")
            }
        }
        return taken
    }

    private func read(_ bytes: [UInt8], in directory: FilePath) throws -> Bool {
        let path = directory.appending("\(name).input")
        // Removed first: a file that is mapped must not become shorter.
        path.withPlatformString { _ = unlink($0) }
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
        return try take(bytes, path)
    }
}

/// What a reader should never do.
package struct BrokenPromise: Error, CustomStringConvertible {
    /// What it did.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless something holds that a reader promises.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    if !holds { throw BrokenPromise(what()) }
}
