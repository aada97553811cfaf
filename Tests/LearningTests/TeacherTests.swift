import Kernels
import SystemPackage
import Testing
@testable import Text

@testable import Learning

/// Taggers that learn from others.
extension TaggerTrainingTests {
    /// A folder with a teacher in `teacher`, and next to nothing to learn from without it but the posts of `untagged.ndjson`.
    private func taughtFolder() throws -> TaggerFolder {
        let folder = try folder()
        try run(settings(), folder, to: folder.path.appending("teacher")).run()
        let posts = try TrainingData(folder: folder.path).train.posts
        try folder.write("untagged.ndjson", posts.map { "{\"text\":\"\($0.text)\"}\n" }.joined())
        try folder.write("train.txt", "IMGID:8_1\nAnn\tB-PER\ngoes\tO\nto\tO\nOslo\tB-LOC\n\n")
        return folder
    }

    @Test("what nobody has tagged is learned from a teacher")
    func untaggedPosts() throws {
        let folder = try taughtFolder()
        let alone = try run(settings(), folder, to: folder.path.appending("alone")).run()
        let taught = try run(
            settings(), folder, to: folder.path.appending("taught"), teachers: [folder.path.appending("teacher")],
            untagged: [folder.path.appending("untagged.ndjson")]
        ).run()
        #expect(alone < 0.6)
        #expect(taught > 0.9)
    }

    @Test("of several teachers the mean is wanted, and gold as much as its share says")
    func shares() throws {
        let folder = try taughtFolder()
        var settings = settings()
        settings.loop.epochs = 1
        try run(settings, folder, to: folder.path.appending("other")).run()
        let tags = TagSet(try TrainingData(folder: folder.path).inventory)
        let example = TaggerExample(
            words: ["Ann", "goes"], spans: [TagSet.Span(words: 0..<1, type: 1)], tags: tags,
            wordPiece: try wordPiece(), limit: 20)
        func wanted(_ teachers: [String], share: Float) throws -> TagExpectations? {
            var inputs = TrainingInputs()
            inputs[all: .teacher] = teachers.map { folder.path.appending($0) }
            var posts = [example]
            try Teaching(inputs, for: tags, share: share, at: RunPlace(folder.path)).teach(
                &posts, words: [["Ann", "goes"]])
            return posts[0].taught
        }
        #expect(try wanted([], share: Teaching.share) == nil)
        #expect(throws: TrainingError.self) { try wanted([], share: 1) }
        #expect(try wanted(["teacher"], share: 0) == nil)
        let first = try #require(try wanted(["teacher"], share: 1))
        let second = try #require(try wanted(["other"], share: 1))
        #expect(first != second)
        #expect(try wanted(["teacher", "other"], share: 1) == second.mixed(0.5, with: first))
        let gold = try TagExpectations(path: example.tags, tags: tags.count)
        #expect(try wanted(["teacher"], share: 0.25) == first.mixed(0.25, with: gold))
    }

    @Test("a teacher that cannot teach is refused, and so are posts that nobody tags")
    func noTeacher() throws {
        let folder = try taughtFolder()
        func refusal(_ teachers: [String], untagged: [FilePath] = []) -> String {
            let error = #expect(throws: TrainingError.self) {
                try run(
                    settings(), folder, to: folder.path.appending("model"),
                    teachers: teachers.map { folder.path.appending($0) }, untagged: untagged)
            }
            return error?.message ?? ""
        }
        let untagged = folder.path.appending("untagged.ndjson")
        #expect(refusal([], untagged: [untagged]).contains("--untagged needs --teacher"))
        try folder.write("train.txt", "IMGID:8_1\nAnn\tB-PER\nmeets\tO\nOslo\tB-GENE\n\n")
        try folder.write("valid.txt", "IMGID:9_1\nAnn\tB-PER\nmeets\tO\nBob\tB-PER\n\n")
        #expect(refusal(["teacher"]).contains("tags other types than the data have"))
    }
}
