import SystemPackage
import Files
import JSON

/// Where a run stands between two steps: everything that is not in the settings and cannot be drawn again from the seed.
struct TrainingPosition: Equatable {
    /// Optimiser steps done.
    var step = 0
    /// Epoch that goes on, from 0, and batches of it that are done.
    var epoch = 0
    var batch = 0
    /// Sum of the losses of this epoch's examples so far, and how many there were.
    var lossSum = 0.0
    var lossCount = 0
    /// Best score on the development split, and evaluations since then.
    var best = -Double.infinity
    var evaluationsSinceBest = 0
    /// How many weights the running average holds (0: none).
    var averaged = 0
    var finished = false
}

/// Saves and restores a run: position, then runs of floats.
///
/// Layout, little-endian: magic `GMNRCKPT`, version (UInt32), length of a JSON text and the text (what the run is of), position, number of runs, each run's length (UInt64) and its floats, CRC-32C
/// (UInt32) of all before. Written to a temporary file, flushed to disk, and renamed, so that
/// the file at the path is always a whole one.
enum TrainingCheckpoint {
    private static let magic: [UInt8] = Array("GMNRCKPT".utf8)
    private static let version: UInt32 = 2

    static func save(
        _ path: FilePath, of identity: JSONValue, position: TrainingPosition, runs: [FloatView]
    ) throws(TrainingError) {
        do throws(FileError) {
            try write(path, of: identity, position: position, runs: runs)
        } catch {
            throw TrainingError(.file, error.description)
        }
    }

    private static func write(
        _ path: FilePath, of identity: JSONValue, position: TrainingPosition, runs: [FloatView]
    ) throws(FileError) {
        var text: [UInt8] = []
        identity.write(into: &text)
        let file = try AtomicFile(path)
        var head = magic
        head.append(littleEndian: version)
        head.append(littleEndian: UInt64(text.count))
        head.append(contentsOf: text)
        for word in words(position) { head.append(littleEndian: word) }
        head.append(littleEndian: UInt64(runs.count))
        try file.write(head)
        for run in runs {
            var length: [UInt8] = []
            length.append(littleEndian: UInt64(run.count))
            try file.write(length)
            try unsafe file.write(run.span.bytes)
        }
        var checksum: [UInt8] = []
        checksum.append(littleEndian: file.checksum.value)
        try file.write(checksum)
        try file.commit()
    }

    /// Fills `runs` from the file and returns the position.
    ///
    /// - Throws: ``TrainingError`` where there is no such file, it is not a checkpoint, is torn, or belongs to another
    ///   run: then it says in a line each what is different.
    static func load(
        _ path: FilePath, of identity: JSONValue, into runs: [FloatView]
    ) throws(TrainingError) -> TrainingPosition {
        let file = try ChecksummedReader(path)
        guard try file.bytes(magic.count) == magic else {
            throw TrainingError(.checkpoint, "\(path) is not a training checkpoint")
        }
        let found = try file.number(UInt32.self)
        guard found == version else {
            throw TrainingError(.checkpoint, "\(path): checkpoint version \(found), this program reads \(version)")
        }
        let length = try file.number(UInt64.self)
        guard length < 1 << 20 else { throw TrainingError(.checkpoint, "\(path): not a checkpoint of this program") }
        let text = try file.bytes(Int(length))
        guard let before = try? JSONValue(parsing: text) else {
            throw TrainingError(.checkpoint, "\(path) is damaged: it does not say what run it is of")
        }
        let differences = identity.differences(from: before)
        guard differences.isEmpty else {
            throw TrainingError(.checkpoint, lines: ["\(path) is of another run:"] + differences.map { "  \($0)" })
        }
        var words: [UInt64] = []
        for _ in 0..<Self.words(TrainingPosition()).count { words.append(try file.number(UInt64.self)) }
        guard try file.number(UInt64.self) == UInt64(runs.count) else {
            throw TrainingError(.checkpoint, "\(path): another number of parameter runs")
        }
        for run in runs {
            let count = try file.number(UInt64.self)
            guard count == UInt64(run.count) else {
                throw TrainingError(.checkpoint, "\(path): a run of \(count) values where \(run.count) are needed")
            }
            try file.floats(run)
        }
        let checksum = file.checksum.value
        guard try file.number(UInt32.self) == checksum else {
            throw TrainingError(.checkpoint, "\(path) is damaged: its checksum does not match")
        }
        guard let position = position(words) else {
            throw TrainingError(.checkpoint, "\(path) is damaged: no run stands there")
        }
        return position
    }

    private static func words(_ position: TrainingPosition) -> [UInt64] {
        [
            UInt64(position.step), UInt64(position.epoch), UInt64(position.batch), position.lossSum.bitPattern,
            UInt64(position.lossCount), position.best.bitPattern, UInt64(position.evaluationsSinceBest),
            UInt64(position.averaged), position.finished ? 1 : 0,
        ]
    }

    /// The position; `nil` where a number is larger than a run can count to.
    private static func position(_ words: [UInt64]) -> TrainingPosition? {
        let counts = words.map { Int(exactly: $0) }.map { count in count.flatMap { $0 < 1 << 48 ? $0 : nil } }
        guard let step = counts[0], let epoch = counts[1], let batch = counts[2], let lossCount = counts[4],
            let evaluationsSinceBest = counts[6], let averaged = counts[7]
        else { return nil }
        return TrainingPosition(
            step: step, epoch: epoch, batch: batch, lossSum: Double(bitPattern: words[3]), lossCount: lossCount,
            best: Double(bitPattern: words[5]), evaluationsSinceBest: evaluationsSinceBest, averaged: averaged,
            finished: words[8] == 1)
    }
}

extension JSONValue {
    /// What is different, in a line each: the path, what it was, what it is.
    func differences(from before: JSONValue) -> [String] {
        func values(_ tree: JSONValue) -> [(path: String, text: String)] {
            tree.leaves().map { path, value in
                var bytes: [UInt8] = []
                value.write(into: &bytes)
                return (
                    path.hasPrefix("run.") ? String(path.dropFirst(4)) : path, String(decoding: bytes, as: UTF8.self)
                )
            }
        }
        let (old, new) = (values(before), values(self))
        let was = Dictionary(old, uniquingKeysWith: { $1 })
        let now = Dictionary(new, uniquingKeysWith: { $1 })
        let paths = new.map(\.path) + old.map(\.path).filter { now[$0] == nil }
        return paths.filter { was[$0] != now[$0] }.map { path in
            "\(path): was \(was[path] ?? "not there"), is \(now[path] ?? "not there")"
        }
    }
}
