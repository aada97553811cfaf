import Foundation
import TestSupport
import Testing

@testable import Flow
@testable import Wire

/// Posts that are in memory already go the way of those that are read.
@Suite(.onItsOwnThread, .timeLimit(.minutes(1)))
struct MemoryTests {
    private func pipeline(_ model: FakeModel = FakeModel(), change: (inout Plan) -> Void = { _ in }) throws
        -> Pipeline<FakeModel>
    {
        var plan = Plan(jobs: 3, window: 4)
        change(&plan)
        return try Pipeline(model: model, pictures: FakePictures(), plan: plan)
    }

    private func posts(_ count: Int) -> [Post] {
        (1...count).map { number in
            Post(
                line: number, id: RawJSON(string: "p\(number)"), text: number % 3 == 0 ? "see \(number)" : "Ünü",
                image: number % 2 == 0 ? "\(number)" : number % 9 == 0 ? "nowhere" : nil)
        }
    }

    @Test("The answers are those to the same posts as lines, byte for byte and in order")
    func sameAnswers() throws {
        let posts = posts(60)
        let answers = try pipeline().answers(to: posts)
        #expect(answers.map(\.line) == Array(1...60))
        let stream = try StreamUnderTest(jobs: 1)
        for post in posts {
            let image = post.images.first?.location.map { ",\"image\":\"\($0)\"" } ?? ""
            try stream.send(raw: "{\"id\":\(post.id?.description ?? ""),\"text\":\"\(post.text)\"\(image)}\n")
        }
        try stream.endInput()
        let written = try stream.bytes()
        #expect(answers.flatMap(\.lines) == written)
        #expect(answers.filter { $0.warnings.map(\.code) == ["image.missing"] }.map(\.line) == [9, 27, 45])
    }

    @Test("A post that the model cannot answer says so in its place")
    func failure() throws {
        let posts = ["a", "broken", "c"].enumerated().map { Post(line: $0 + 1, text: $1) }
        for batch in [1, 8] {
            let answers = try pipeline { $0.batch = batch }.answers(to: posts)
            #expect(answers.map(\.failure?.code) == [nil, .internalFault, nil])
        }
        let stopped = try pipeline { $0.onError = .fail }.answers(to: posts)
        #expect(stopped.map(\.line) == [1])
    }

    @Test("Nothing to answer is no answer")
    func nothing() throws {
        #expect(try pipeline().answers(to: []).isEmpty)
    }
}
