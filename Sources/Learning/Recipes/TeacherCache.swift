import Files
import Kernels
import SystemPackage
import Weights

/// What teachers expect of posts, in a file: a run that goes on need not ask them again, nor one with other settings.
///
/// A safetensors file: of all posts after each other, `occurrences`, words × tags, and `moves`, a table of tags × tags a post;
/// `known` says of each whether a teacher could read it. Its `of` is a checksum of teachers and posts.
struct TeacherCache {
    /// The file.
    let path: FilePath
    /// What tells these teachers and posts from others.
    let origin: String
    /// Words of each post.
    let lengths: [Int]
    /// How many tags there are.
    let tags: Int

    /// What the file holds; `nil` where there is none, or it is of other teachers or posts.
    func read() -> [TagExpectations?]? {
        guard let file = try? SafetensorsFile(path), file.metadata["of"] == origin else { return nil }
        let reader = WeightReader(file)
        func numbers(_ name: String, _ rows: Int, _ columns: Int) -> [Float]? {
            var numbers = [Float](repeating: 0, count: rows * columns)
            var span = numbers.mutableSpan
            guard (try? reader.float32(name, rows: rows, columns: columns, into: &span)) != nil else { return nil }
            return numbers
        }
        guard let occurrences = numbers("occurrences", words, tags),
            let moves = numbers("moves", lengths.count * tags, tags), let known = numbers("known", lengths.count, 1)
        else { return nil }
        return lengths.ranges.enumerated().map { post, words in
            guard known[post] != 0 else { return nil }
            return TagExpectations(
                length: words.count, tags: tags,
                occurrences: Array(occurrences[words.lowerBound * tags..<words.upperBound * tags]),
                moves: Array(moves[post * tags * tags..<(post + 1) * tags * tags]))
        }
    }

    /// Writes the file anew.
    func write(_ expectations: [TagExpectations?]) throws(TrainingError) {
        let empty = [Float](repeating: 0, count: tags * tags)
        let occurrences = zip(lengths, expectations).flatMap { length, expected in
            expected?.occurrences ?? [Float](repeating: 0, count: length * tags)
        }
        let moves = expectations.flatMap { $0?.moves ?? empty }
        let known: [Float] = expectations.map { $0 == nil ? 0 : 1 }
        do throws(FileError) {
            try Folder.create(path.removingLastComponent())
            var writer = try SafetensorsWriter(
                path,
                tensors: [
                    SafetensorsWriter.Declaration("occurrences", shape: [words, tags], as: .float32),
                    SafetensorsWriter.Declaration("moves", shape: [lengths.count * tags, tags], as: .float32),
                    SafetensorsWriter.Declaration("known", shape: [lengths.count, 1], as: .float32),
                ], metadata: ["of": origin])
            try writer.write("occurrences", occurrences.span)
            try writer.write("moves", moves.span)
            try writer.write("known", known.span)
            try writer.finish()
        } catch {
            throw TrainingError(.file, error.description)
        }
    }

    private var words: Int { lengths.reduce(0, +) }
}
