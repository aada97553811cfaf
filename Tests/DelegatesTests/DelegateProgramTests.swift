import Foundation
import JSON
import Synchronization
import SystemPackage
import Testing

@testable import Delegates

/// Programs of a few words, each of which does something else wrong.
@Suite(.timeLimit(.minutes(2)))
struct DelegateProgramTests {
    /// Asks a program some questions and waits for what becomes of all of them.
    private func outcomes(
        _ command: String, questions: Int = 3, timeout: Duration = .seconds(20), atOnce: Int = 64
    ) throws -> (outcomes: [DelegateOutcome], notes: [String], counts: DelegateCounts) {
        let notes = Mutex<[String]>([])
        var limits = DelegateLimits(timeout: timeout, atOnce: atOnce)
        limits.backOff = .milliseconds(20)
        let program = try DelegateProgram(command, limits: limits) { note in notes.withLock { $0.append(note) } }
        let outcomes = ask(program, questions)
        program.close()
        return (outcomes, notes.withLock { $0 }, program.counts)
    }

    private func ask(_ delegate: some Delegate, _ questions: Int) -> [DelegateOutcome] {
        let requests = (0..<questions).map { number in
            DelegateRequest(.expand, [.init("text", .string("number \(number)"))]) { $0.string != nil }
        }
        let got = Mutex<[DelegateOutcome]>([])
        let done = DispatchSemaphore(value: 0)
        delegate.ask(requests) { outcomes in
            got.withLock { $0 = outcomes }
            done.signal()
        }
        done.wait()
        return got.withLock { $0 }
    }

    /// A program that answers each line with a text made by sed of its number.
    private static func sed(_ reply: String) -> String {
        #"sed -u -E 's/^\{"v":1,"id":([0-9]+).*/"# + reply.replacing("/", with: #"\/"#) + "/'"
    }

    private static let good = sed(#"{"id":\1,"ok":true,"value":"answer \1","confidence":0.5}"#)

    @Test("each question has its own answer, in the order of the questions")
    func answers() throws {
        let (outcomes, notes, counts) = try outcomes(Self.good, questions: 200, atOnce: 7)
        for (place, outcome) in outcomes.enumerated() {
            #expect(try outcome.get() == .value(.string("answer \(place + 1)"), confidence: 0.5))
        }
        #expect(notes == [])
        #expect((counts.asked, counts.answered, counts.starts) == (200, 200, 1))
    }

    @Test("answers may come in any order")
    func disorder() throws {
        let (outcomes, _, _) = try outcomes("head -n 3 | tac | \(Self.good); cat >/dev/null")
        for (place, outcome) in outcomes.enumerated() {
            #expect(try outcome.get() == .value(.string("answer \(place + 1)"), confidence: 0.5))
        }
    }

    @Test("\"keep\" is an answer")
    func keep() throws {
        #expect(
            try outcomes(Self.sed(#"{"id":\1,"ok":true,"keep":true}"#)).outcomes.allSatisfy { try $0.get() == .keep })
    }

    @Test(
        "what is no answer is none, whatever it is",
        arguments: [
            "echo", #"{"id":\1,"ok":false,"error":"cannot"}"#, #"{"id":\1,"ok":true}"#, #"{"id":\1}"#,
            #"{"id":\1,"ok":true,"value":17}"#, #"{"id":\1,"ok":1,"value":"a"}"#,
        ])
    func lies(_ reply: String) throws {
        let (outcomes, _, counts) = try outcomes(reply == "echo" ? "cat" : Self.sed(reply))
        #expect(outcomes == Array(repeating: .failure(.failed), count: 3))
        #expect(counts.failures == ["failed": 3])
    }

    @Test(
        "a program that never answers costs each question its time and no more",
        arguments: ["cat >/dev/null", "sleep 60", "while :; do echo nonsense; sleep 0.01; done"])
    func silence(_ command: String) throws {
        #expect(
            try outcomes(command, timeout: .milliseconds(300)).outcomes
                == Array(repeating: .failure(.timeout), count: 3))
    }

    @Test(
        "a program that ends at once, or is none, is given up",
        arguments: [
            "exit 3", "no-such-program-anywhere 2>/dev/null", "kill -SEGV $$", "true", "exec >&-; sleep 60", ")(",
        ])
    func death(_ command: String) throws {
        let (outcomes, notes, counts) = try outcomes(command)
        #expect(outcomes.allSatisfy { $0 == .failure(.open) || $0 == .failure(.failed) })
        #expect(counts.starts == 3)
        #expect(notes.count == 3)
    }

    @Test(
        "what a program does besides answering is of no effect",
        arguments: [
            "echo '{\"id\":1,'; ", "printf 'half a line'; echo; ", "printf '\\0\\377\\n'; ",
            "echo '{\"id\":999,\"ok\":true,\"value\":\"x\"}'; ", "echo '[]'; ", "sleep 0.3; ",
            "head -c 900 /dev/zero | tr '\\0' '\\n'; ", "head -c 3000000 /dev/zero; echo; ",
        ])
    func noise(_ before: String) throws {
        let (outcomes, _, _) = try outcomes(before + Self.good)
        #expect(outcomes.compactMap { try? $0.get() }.count == 3)
    }

    @Test("a program that dies after each answer, halfway through the next line, is started again and answers all")
    func mortal() throws {
        let (outcomes, _, counts) = try outcomes("head -n 1 | \(Self.good); printf '{\"id\":2,\"ok\":tr'", questions: 5)
        #expect(outcomes.compactMap { try? $0.get() }.count == 5)
        #expect(counts.starts >= 5)
    }

    @Test(
        "a flood without a newline, or of lines that answer nothing, ends the program and not this one",
        arguments: [
            "cat /dev/zero", "yes '{}'", "yes ''",
        ])
    func flood(_ command: String) throws {
        let (outcomes, _, _) = try outcomes(command, timeout: .seconds(10))
        #expect(outcomes.allSatisfy { (try? $0.get()) == nil })
    }

    @Test("a program that reads nothing does not hold up whoever asks")
    func deaf() throws {
        let limits = DelegateLimits(timeout: .milliseconds(400))
        let program = try DelegateProgram("sleep 60", limits: limits) { _ in }
        let long = String(repeating: "x", count: 1 << 20)
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<5 {
            program.ask([DelegateRequest(.expand, [.init("text", .string(long))]) { _ in true }]) { outcomes in
                #expect(outcomes == [.failure(.timeout)])
                done.signal()
            }
        }
        for _ in 0..<5 { done.wait() }
        program.close()
    }

    @Test("whoever closes waits for no answer")
    func closing() throws {
        let program = try DelegateProgram("cat > /dev/null", limits: DelegateLimits(timeout: .seconds(100))) { _ in }
        let got = Mutex<[DelegateOutcome]>([])
        program.ask([DelegateRequest(.expand, []) { _ in true }]) { outcomes in got.withLock { $0 = outcomes } }
        program.close()
        #expect(got.withLock { $0 } == [.failure(.closed)])
        program.ask([DelegateRequest(.expand, []) { _ in true }]) { outcomes in got.withLock { $0 += outcomes } }
        #expect(got.withLock { $0 } == [.failure(.closed), .failure(.closed)])
    }

    @Test("what a program has left running is ended with it")
    func family() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gmner-family-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try outcomes("sleep 300 & echo $! > \(file.path); \(Self.good)")
        let pid = try #require(
            pid_t(String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        var isAlive = true
        for _ in 0..<200 where isAlive {
            // A zombie that init has not fetched yet is dead all the same.
            let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ") Z"
            isAlive = !status.contains(") Z")
            usleep(10_000)
        }
        #expect(!isAlive)
    }

    @Test("a record answers what was answered before, also when nobody else can, and asks the rest")
    func record() throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending(
            "gmner-record-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let first = try RecordedDelegate(folder, before: DelegateProgram(Self.good, limits: DelegateLimits()) { _ in })
        { _ in }
        let told = ask(first, 4)
        first.close()
        #expect((first.counts.asked, first.counts.recorded, first.counts.answered) == (4, 0, 4))

        let second = try RecordedDelegate(folder, before: nil) { _ in }
        let again = ask(second, 6)
        #expect(Array(again.prefix(4)) == told)
        #expect(Array(again.suffix(2)) == [.failure(.unrecorded), .failure(.unrecorded)])
        #expect((second.counts.asked, second.counts.recorded) == (6, 4))

        // Whatever the files become, an answer is right or there is none.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted() {
            let path = folder.appending(name).string
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for damaged in [
                Data(), bytes.prefix(20), Data("{}".utf8),
                Data(String(decoding: bytes, as: UTF8.self).replacing("number", with: "letter").utf8),
            ] {
                try damaged.write(to: URL(fileURLWithPath: path))
                let outcomes = ask(second, 4)
                #expect(outcomes.filter { $0 == .failure(.unrecorded) }.count == 1)
            }
            try bytes.write(to: URL(fileURLWithPath: path))
        }
    }
}
