import CProductClock
import Foundation
import Grounding

// One engine of the comparison: reads commands from its input, does the work, answers with what it took. The script
// asks this process and the other engines in turn, so that all of them meet the same machine. The first line of the
// output names the kernels of the BLAS library.
//
//     encoder-bench TEXT_ENCODER PICTURE_ENCODER INPUTS
//
//     pictures FIRST COUNT           encodes pictures together
//     count-products FIRST COUNT     the same, with a clock around every product
//     texts FIRST COUNT GROUP        encodes texts, GROUP of them together
//     workers N FIRST COUNT          encodes texts one by one, shared out to N threads
//     load DIRECTORY…                opens encoders
//     save-picture INDEX FILE        writes the rows of a picture, or of a text, as F32
//     save-text INDEX FILE

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    FileHandle.standardError.write(Data("usage: encoder-bench TEXT_ENCODER PICTURE_ENCODER INPUTS\n".utf8))
    exit(64)
}
let text = try FeatureEncoder(arguments[1])
let picture = try FeatureEncoder(arguments[2])
let encoders = try (0..<2).map { _ in try text.another() }
let inputs = try Inputs(arguments[3], pictureValues: 224 * 224 * 3)

@MainActor
func encode(_ range: Range<Int>, together: Int, on encoder: FeatureEncoder) throws {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: together) {
        let texts = inputs.texts[first..<min(first + together, range.upperBound)]
        _ = try encoder.rows(ids: Array(texts.joined()), lengths: texts.map(\.count))
    }
}

/// Encodes one by one on several threads, each with scratch memory of its own.
@MainActor
func share(_ range: Range<Int>, among workers: Int) throws {
    let done = DispatchGroup()
    let inputs = inputs
    for worker in 0..<workers {
        nonisolated(unsafe) let encoder = encoders[worker]
        let part =
            range.lowerBound + range.count * worker / workers..<range.lowerBound + range.count * (worker + 1) / workers
        DispatchQueue.global().async(group: done) {
            for index in part {
                _ = try? encoder.rows(ids: inputs.texts[index], lengths: [inputs.texts[index].count])
            }
        }
    }
    done.wait()
}

func write(_ rows: [Float], to path: String) throws {
    try rows.withUnsafeBytes { try Data($0).write(to: URL(filePath: path)) }
}

FileHandle.standardOutput.write(Data((String(cString: product_kernels()) + "\n").utf8))
while let line = readLine() {
    let words = line.split(separator: " ").map(String.init)
    let numbers = words.map { Int($0) ?? 0 }
    let measurement = try Measurement {
        switch words.first {
        case "pictures", "count-products":
            product_clock_count(words[0] == "pictures" ? 0 : 1)
            let patches = Array(inputs.patches[numbers[1]..<numbers[1] + numbers[2]].joined())
            _ = try picture.rows(patches: patches, count: numbers[2])
        case "texts": try encode(numbers[1]..<numbers[1] + numbers[2], together: numbers[3], on: text)
        case "workers": try share(numbers[2]..<numbers[2] + numbers[3], among: numbers[1])
        case "load": for directory in words.dropFirst() { _ = try FeatureEncoder(directory) }
        case "save-picture": try write(picture.rows(patches: inputs.patches[numbers[1]], count: 1), to: words[2])
        case "save-text":
            let ids = inputs.texts[numbers[1]]
            try write(text.rows(ids: ids, lengths: [ids.count]), to: words[2])
        default: FileHandle.standardError.write(Data("unknown command: \(line)\n".utf8))
        }
    }
    FileHandle.standardOutput.write(try JSONEncoder().encode(measurement) + Data("\n".utf8))
}
