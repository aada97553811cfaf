import ArgumentParser
import Flow
import Images
import JSON
import Model
import Synchronization
import SystemPackage
import Wire

/// `gmner delegate`: a model that answers another one's questions.
struct DelegateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegate",
        abstract: "Answer the questions of gmner-stream --delegate by a model.",
        discussion: """
            Reads questions and writes answers, one JSON object a line, as gmner-stream(1) describes them: \
            gmner-stream --delegate 'gmner delegate --model LARGER'. What the model finds in the question's text answers \
            correct-span, correct-type, correct-region, rerank, ground and verify; expand, caption, search and segment are \
            answered by that all stays as it is, and other questions by that there is no answer. A line that is no \
            question has no answer, and is told on standard error.
            """)

    @Option(help: ArgumentHelp("Model that answers.", valueName: "dir"))
    var model: String

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: ArgumentHelp("Questions that are worked on at once. By default one for each CPU.", valueName: "count"))
    var jobs: Int?

    func validate() throws {
        if let jobs, !(1...Plan.mostJobs).contains(jobs) {
            throw ValidationError("--jobs is from 1 to \(Plan.mostJobs)")
        }
    }

    func run() throws {
        var plan = Plan(jobs: jobs ?? min(Processors.allowed(), Plan.mostJobs))
        plan.ordered = false
        // Paths are those that the filter has opened already.
        let pipeline = try Pipeline.opening(FilePath(model), pictures: PictureSource(), plan: plan)
        let questions = QuestionLines()
        pipeline.run {
            while let line = questions.next() {
                switch ModelQuestion.read(line.bytes) {
                case .question(let question, let post):
                    return questions.keep(question, post, of: line.number)
                case .answered(let reply):
                    Self.write(reply)
                case .unanswerable(let id, let reason):
                    Self.write(ModelQuestion.refusal(id: id, reason))
                case .none:
                    Terminal.note("gmner delegate: line \(line.number) is no question")
                }
            }
            return nil
        } answered: { answer in
            guard let question = questions.take(line: answer.line) else { return }
            Self.write(question.reply(to: answer))
        }
    }

    /// Writes one line, whole.
    private static func write(_ value: JSONValue) {
        var bytes: [UInt8] = []
        value.write(into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        // Whoever asked has gone; the end of the questions comes next.
        _ = lock.withLock { _ in try? FileDescriptor.standardOutput.writeAll(bytes) }
    }

    private static let lock = Mutex(())
}

/// Lines of standard input, and the questions that have no answer yet, by the numbers of their lines.
private final class QuestionLines: Sendable {
    private struct State {
        var framer = LineFramer()
        var lines: ArraySlice<(number: Int, bytes: [UInt8])> = []
        var isOver = false
    }

    private let state = Mutex(State())
    private let open = Mutex<[Int: ModelQuestion]>([:])

    /// The next line; waits for it. `nil` at the end.
    func next() -> (number: Int, bytes: [UInt8])? {
        state.withLock { state in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while state.lines.isEmpty, !state.isOver {
                let count = Self.read(into: &buffer)
                state.isOver = count == 0
                let events =
                    count > 0 ? state.framer.append(buffer.span.extracting(first: count)) : state.framer.finish()
                state.lines =
                    events.compactMap { event in
                        switch event {
                        case .line(let number, _, let bytes): (number, bytes)
                        case .tooLong(let number, _): (number, [])
                        case .blank: nil
                        }
                    }[...]
            }
            return state.lines.popFirst()
        }
    }

    /// Remembers a question; returns the post that it is about, under the line's number.
    func keep(_ question: ModelQuestion, _ post: Post, of line: Int) -> Post {
        open.withLock { $0[line] = question }
        var post = post
        post.line = line
        return post
    }

    /// The question of a line, once.
    func take(line: Int) -> ModelQuestion? { open.withLock { $0.removeValue(forKey: line) } }

    private static func read(into buffer: inout [UInt8]) -> Int {
        while true {
            do {
                return try unsafe buffer.withUnsafeMutableBytes {
                    try unsafe FileDescriptor.standardInput.read(into: $0)
                }
            } catch Errno.interrupted {
                continue
            } catch {
                return 0
            }
        }
    }
}
