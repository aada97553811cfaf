import FoundationEssentials
import Glibc
import SystemPackage

/// How a model takes the place of another one in the same directory.
///
/// `config.json` names the weight files, so its rename is what switches: at every moment it names files of one model,
/// whole and on disk. The new weights first come under names that nobody reads, `config.json` switches to these, then they
/// get their usual names, and it switches once more.
extension ModelWriter {
    /// Names that the weights have before they have their own; the second is for a directory that was left at the first.
    private static let stages = ["next-", "after-"]

    /// Writes a model where there is one already.
    func replace(
        _ configuration: ModelConfiguration, vocabulary: [UInt8], _ parts: [Part]
    ) throws(ModelError) {
        let before = weightsBefore
        let stage = Self.stages.first { stage in !before.contains { $0.hasPrefix(stage) } } ?? Self.stages[0]
        for part in parts { try write(part, to: stage + part.file) }
        if (try? ModelDirectory(directory).vocabularyBytes()) != vocabulary {
            // Nothing names the vocabulary, so that two of them cannot be told apart: rather no model than a mixed one.
            remove("config.json")
            try write(vocabulary, to: "vocab.txt")
        }
        var staged = configuration
        staged.weights = parts.map { stage + $0.file }
        try write(json: staged)
        // A file system without links keeps the names of the stage: they are as good.
        guard parts.allSatisfy({ link(stage + $0.file, $0.file) }) else { return }
        var final = configuration
        final.weights = parts.map(\.file)
        try write(json: final)
        for name in Set(before + staged.weights).subtracting(final.weights) { remove(name) }
    }

    /// Weight files of the model that is there.
    private var weightsBefore: [String] {
        struct Weights: Decodable {
            let weights: [String]
        }
        let weights = try? ModelDirectory(directory).json(Weights.self).weights
        return weights?.filter { !$0.contains("/") } ?? []
    }

    /// Gives a file a second name, which it takes from another file if there is one.
    private func link(_ name: String, _ other: String) -> Bool {
        let (from, to) = (directory.appending(name).string, directory.appending(other).string)
        let between = "\(to).\(getpid()).link"
        unsafe unlink(between)
        guard unsafe Glibc.link(from, between) == 0 else { return false }
        return unsafe rename(between, to) == 0
    }

    private func remove(_ name: String) {
        unsafe unlink(directory.appending(name).string)
    }
}
