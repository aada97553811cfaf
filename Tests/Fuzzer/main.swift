// Usage: fuzzer DIRECTORY TARGET COUNT [SEED [FIRST]]
//
// Reads COUNT broken inputs, from number FIRST on. The input at hand lies in DIRECTORY, and stays there where the reader
// crashes or takes longer than ten seconds.
import Fuzzing
import Glibc
import SystemPackage

let arguments = CommandLine.arguments
guard arguments.count >= 4, let count = Int(arguments[3]),
    let target = FuzzTarget.all.first(where: { $0.name == arguments[2] })
else {
    print("usage: fuzzer DIRECTORY \(FuzzTarget.all.map(\.name).joined(separator: "|")) COUNT [SEED [FIRST]]")
    exit(64)
}
let seed = arguments.count > 4 ? UInt64(arguments[4]) ?? 1 : 1
let first = arguments.count > 5 ? Int(arguments[5]) ?? 0 : 0
do {
    let clock = ContinuousClock()
    let start = clock.now
    let taken = try target.run(first..<first + count, seed: seed, in: FilePath(arguments[1])) { alarm(10) }
    let seconds = (clock.now - start).components.seconds
    print("\(target.name): \(count) inputs, \(taken) taken, \(count - taken) refused, \(seconds) s")
} catch {
    print("\(error)")
    exit(1)
}
