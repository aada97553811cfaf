package import Files
import JSON
import Synchronization
package import SystemPackage

/// Answers what was answered before from a folder, and asks somebody else the rest, so that a run can be repeated without the
/// outside model, or at no cost.
///
/// One file a question, named by a hash of it, with question and answer inside: several programs may use a folder at once, and
/// two questions of one hash cost each other a place, never an answer.
package final class RecordedDelegate: Delegate {
    private let folder: FilePath
    private let other: (any Delegate)?
    private let tell: @Sendable (String) -> Void
    private let tally = Mutex(DelegateCounts())
    private let hasFailed = Mutex(false)

    /// A record in a folder, which is made if there is none. Without `other` what was never answered stays so.
    package init(
        _ folder: FilePath, before other: (any Delegate)?, tell: @escaping @Sendable (String) -> Void
    ) throws(FileError) {
        try Folder.create(folder)
        (self.folder, self.other, self.tell) = (folder, other, tell)
    }

    package func ask(_ requests: [DelegateRequest], then: @escaping @Sendable ([DelegateOutcome]) -> Void) {
        guard !requests.isEmpty else { return then([]) }
        let gathering = Gathering(requests.count, then: then)
        let found = requests.map { recorded($0) }
        var missing: [Int] = []
        for (place, reply) in found.enumerated() {
            if let reply { gathering.put(.success(reply), at: place) } else { missing.append(place) }
        }
        tally.withLock { tally in
            tally.recorded += requests.count - missing.count
            if other == nil {
                tally.asked += requests.count
                if !missing.isEmpty {
                    tally.failures[DelegateFailure.unrecorded.rawValue, default: 0] += missing.count
                }
            } else {
                tally.asked += requests.count - missing.count
            }
        }
        guard !missing.isEmpty else { return }
        guard let other else {
            for place in missing { gathering.put(.failure(.unrecorded), at: place) }
            return
        }
        let places = missing
        other.ask(places.map { requests[$0] }) { [self] outcomes in
            for (place, outcome) in zip(places, outcomes) {
                if case .success(let reply) = outcome { record(reply, to: requests[place]) }
                gathering.put(outcome, at: place)
            }
        }
    }

    package func hurry() { other?.hurry() }

    package func close() { other?.close() }

    package var counts: DelegateCounts {
        let own = tally.withLock { $0 }
        guard var all = other?.counts else { return own }
        all.asked += own.asked
        all.recorded += own.recorded
        return all
    }

    /// What was answered before; `nil` too where the file says something else, or what is no answer.
    private func recorded(_ request: DelegateRequest) -> DelegateReply? {
        let question = request.question
        guard let bytes = try? WholeFile.read(path(of: question), maxBytes: 2 * DelegateProgram.maxLineBytes),
            let entry = try? JSONValue(parsing: bytes), let asked = entry["request"], let told = entry["reply"]
        else { return nil }
        var again: [UInt8] = []
        asked.write(into: &again)
        guard again == question else { return nil }
        let reply = DelegateReply(told)
        if case .value(let value, _) = reply, !request.isAnswer(value) { return nil }
        return reply
    }

    /// Keeps an answer. If that cannot be, the next run has to ask again, and no answer of this one is lost.
    private func record(_ reply: DelegateReply, to request: DelegateRequest) {
        let question = request.question
        var bytes = Array("{\"request\":".utf8) + question + Array(",\"reply\":".utf8)
        reply.json.write(into: &bytes)
        bytes += Array("}\n".utf8)
        do throws(FileError) {
            let file = try AtomicFile(path(of: question))
            try file.write(bytes)
            try file.commit(flushingFolder: false)
        } catch {
            let isFirst = hasFailed.withLock { failed in
                defer { failed = true }
                return !failed
            }
            if isFirst { tell("an answer of the delegate cannot be recorded: \(error)") }
        }
    }

    private func path(of question: [UInt8]) -> FilePath {
        // FNV-1a.
        let hash = question.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return folder.appending(String(repeating: "0", count: 16 - digits.count) + digits + ".json")
    }
}
