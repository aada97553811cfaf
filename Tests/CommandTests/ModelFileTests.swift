import Foundation
import SystemPackage
import TestSupport
import Testing

/// The filter while somebody works on the files of its model: it never crashes, and never answers with other numbers than
/// those that it was started with.
@Suite(.onItsOwnThread, .timeLimit(.minutes(5)))
struct ModelFileTests {
    /// What is done to a model, and whether the patch encoder's numbers, which are read when the first picture comes, are
    /// still there.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var keepsPictures = true
        let body: @Sendable (URL) throws -> Void
    }

    private static func cut(_ name: String) -> @Sendable (URL) throws -> Void {
        { guard truncate($0.appending(path: name).path, 64) == 0 else { throw Errno(rawValue: errno) } }
    }

    private static func overwrite(_ name: String) -> @Sendable (URL) throws -> Void {
        { model in
            let file = try FileHandle(forUpdating: model.appending(path: name))
            let size = try file.seekToEnd()
            try file.seek(toOffset: size / 2)
            try file.write(contentsOf: Data(repeating: 7, count: Int(size / 2)))
            try file.close()
        }
    }

    static let changes = [
        Change(testDescription: "cut what reads", body: cut("model.safetensors")),
        Change(testDescription: "overwrite what reads", body: overwrite("model.safetensors")),
        Change(testDescription: "overwrite the vocabulary", body: overwrite("vocab.txt")),
        Change(testDescription: "cut what sees", keepsPictures: false, body: cut("picture.safetensors")),
        Change(testDescription: "overwrite what sees", keepsPictures: false, body: overwrite("picture.safetensors")),
        Change(testDescription: "remove everything") { try FileManager.default.removeItem(at: $0) },
        Change(testDescription: "replace by renaming") { model in
            let old = model.appending(path: "picture.safetensors")
            try FileManager.default.copyItem(at: old, to: model.appending(path: "new"))
            try overwrite("new")(model)
            guard rename(model.appending(path: "new").path, old.path) == 0 else { throw Errno(rawValue: errno) }
        },
    ]

    @Test(arguments: changes, [false, true])
    func answersStayWhatTheyWere(change: Change, looksBefore: Bool) async throws {
        let folder = try TemporaryDirectory()
        let model = folder.url.appending(path: "model")
        try FileManager.default.copyItem(atPath: await Programs.tinyModel(), toPath: model.path)
        let pictures = Programs.package.appending(path: "Tests/CommandTests/Pictures").path
        let isThere = change.keepsPictures || looksBefore
        let status = try await LiveStream.run(["--model", model.path, "--image-root", pictures]) { stream in
            func answer(_ members: String) throws -> String {
                try stream.send("{\(members)}\n")
                let answer = try #require(try stream.answer()).filter { $0.key != "line" }
                return String(
                    decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys), as: UTF8.self)
            }
            let text = #""text":"Paris""#
            let read = try answer(text)
            let seen = looksBefore ? try answer(text + #","image":"scene.png""#) : nil
            try change.body(model)
            #expect(try answer(text) == read)
            let after = try answer(text + #","image":"scene.png""#)
            if let seen { #expect(after == seen) }
            #expect(after.contains("written over since it was opened") == !isThere)
            #expect(try answer(text) == read)
            try stream.endInput()
            #expect(try stream.answers().isEmpty)
        }
        #expect(status == .exited(isThere ? 0 : 70))
    }
}
