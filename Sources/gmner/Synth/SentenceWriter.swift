import Corpora
import Delegates
import Dispatch
import Files
import JSON
import Reporting
import Synchronization
import Synthesis
import SystemPackage

/// Has an outside model write labelled sentences like those that there are (ReFineG, section 3.1).
struct SentenceWriter {
    /// A command line; `nil`: only the record answers.
    let command: String?
    let record: FilePath?
    /// The longest wait for one answer.
    let seconds: Int

    /// Questions that wait for an answer at once: whoever waits in a queue for long is out of time.
    private static let atOnce = 16

    /// Sentences for each text, in their order; none where there is no answer.
    func sentences(like posts: [LabelledPost], types: [String], count: Int) throws -> [[LabelledPost]] {
        let delegate = try open()
        defer { delegate.close() }
        let room = DispatchSemaphore(value: Self.atOnce)
        let all = DispatchGroup()
        let made = Mutex([Int: [LabelledPost]]())
        let failures = Mutex([String: Int]())
        for (number, post) in posts.enumerated() {
            let request = Self.request(like: post, types: types, count: count)
            room.wait()
            all.enter()
            delegate.ask([request]) { outcomes in
                var sentences: [LabelledPost] = []
                switch outcomes.first {
                case .success(.value(let value, _)): sentences = Self.posts(value, named: post.id, types)
                case .failure(let failure): failures.withLock { $0[failure.message, default: 0] += 1 }
                case .success(.keep), nil: break
                }
                made.withLock { $0[number] = sentences }
                room.signal()
                all.leave()
            }
        }
        all.wait()
        for (message, count) in failures.withLock({ $0.sorted { $0.key < $1.key } }) {
            Terminal.note("gmner: warning: \(message) (questions: \(count))")
        }
        let found = made.withLock(\.self)
        return posts.indices.map { found[$0] ?? [] }
    }

    private func open() throws -> any Delegate {
        let tell: @Sendable (String) -> Void = { Terminal.note("gmner: \($0)") }
        var delegate: (any Delegate)?
        if let command {
            do throws(Errno) {
                delegate = try DelegateProgram(
                    command, limits: DelegateLimits(timeout: .seconds(seconds), atOnce: Self.atOnce), tell: tell)
            } catch {
                throw Failure(.internalFault, "cannot speak to a delegate: \(error)")
            }
        }
        if let record { delegate = try RecordedDelegate(record, before: delegate, tell: tell) }
        guard let delegate else { throw Failure(.usage, "no delegate is named") }
        return delegate
    }

    private static func request(like post: LabelledPost, types: [String], count: Int) -> DelegateRequest {
        let entities = post.entities.map { entity in
            JSONValue.object([.init("text", .string(entity.name)), .init("type", .string(entity.type))])
        }
        return DelegateRequest(
            .synth,
            [
                .init("text", .string(post.text)), .init("entities", .array(entities)),
                .init("types", .array(types.map { .string($0) })), .init("count", .integer(count)),
            ], post: .string(post.id)
        ) { $0.elements != nil }
    }

    /// Sentences of an answer that can be used.
    private static func posts(_ value: JSONValue, named id: String, _ types: [String]) -> [LabelledPost] {
        var posts: [LabelledPost] = []
        for sentence in value.elements ?? [] {
            guard let text = sentence["text"]?.string, let listed = sentence["entities"]?.elements else { continue }
            let names = listed.compactMap { entity -> (name: String, type: String)? in
                guard let name = entity["text"]?.string, let type = entity["type"]?.string, types.contains(type) else {
                    return nil
                }
                return (name, type)
            }
            guard names.count == listed.count,
                let post = SentenceLabelling.label(text, names, id: "\(id)-\(posts.count + 1)")
            else { continue }
            posts.append(post)
        }
        return posts
    }
}
