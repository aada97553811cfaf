import Files
import Glibc
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
            _ = try Teaching(inputs, for: tags, share: share, at: RunPlace(folder.path)).teach(
                &posts, words: [["Ann", "goes"]], wordPiece(), limit: 20)
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

    @Test("what teachers expect is kept, and believed of these teachers and posts alone")
    func keptExpectations() throws {
        let folder = try TaggerFolder()
        func cache(of origin: String, _ lengths: [Int], tags: Int = 3) -> TeacherCache {
            TeacherCache(
                path: folder.path.appending("training").appending("expectations"), origin: origin, lengths: lengths,
                tags: tags)
        }
        let one = try TagExpectations(path: [1, 2, 0], tags: 3)
        let doubt = try one.mixed(0.3, with: TagExpectations(path: [0, 1, 1], tags: 3))
        let all = [doubt, nil, try TagExpectations(path: [], tags: 3), one]
        #expect(cache(of: "a", [3, 2, 0, 3]).read() == nil)
        try cache(of: "a", [3, 2, 0, 3]).write(all)
        #expect(cache(of: "a", [3, 2, 0, 3]).read() == all)
        #expect(cache(of: "b", [3, 2, 0, 3]).read() == nil)
        #expect(cache(of: "a", [3, 2, 1, 3]).read() == nil)
        #expect(cache(of: "a", [3, 2, 0, 3], tags: 5).read() == nil)
        try folder.write("training/expectations", "torn")
        #expect(cache(of: "a", [3, 2, 0, 3]).read() == nil)
    }

    @Test("a run that goes on asks its teachers nothing again, and ends with the same model")
    func resumedRun() throws {
        let folder = try taughtFolder()
        var settings = settings()
        settings.loop.epochs = 2
        func run(_ out: String) throws -> TrainingRun {
            try self.run(
                settings, folder, to: folder.path.appending(out), teachers: [folder.path.appending("teacher")],
                untagged: [folder.path.appending("untagged.ndjson")])
        }
        func weights(_ out: String) throws -> [UInt8] {
            try WholeFile.read(folder.path.appending(out).appending("model.safetensors"), maxBytes: 1 << 24)
        }
        try run("whole").run()
        var steps = 0
        try run("halves").run {
            steps += 1
            return steps == 5
        }
        let kept = folder.path.appending("halves").appending("training").appending("teacher.expectations")
        let before = try kept.stat().st_mtim.tv_nsec
        let second = try run("halves")
        try second.resume()
        try second.run()
        #expect(try kept.stat().st_mtim.tv_nsec == before)
        #expect(try weights("whole") == weights("halves"))
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
