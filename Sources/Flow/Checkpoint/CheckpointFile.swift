import Files
import Glibc
import JSON
package import SystemPackage

/// What a stream has done, on disk: the next one goes on there.
package struct CheckpointState: Sendable, Equatable {
    /// The regular file that standard output is, and how far it was written.
    package struct Output: Sendable, Equatable {
        var device: UInt
        var inode: UInt
        var bytes: Int
    }

    /// Checksum of the model's files.
    var model: UInt32
    /// The inputs by name.
    var inputs: [String]
    /// What has been answered.
    var position: StreamPosition
    /// Where the answers are; `nil` where they went into a pipe.
    var output: Output?
}

/// Why a stream cannot be remembered, or cannot go on.
package struct CheckpointFailure: Error, Sendable {
    /// Names the file and the reason.
    package let message: String

    /// A failure in words.
    package init(message: String) { self.message = message }
}

/// The file of a ``CheckpointState``, and the lock that keeps two streams off it.
package final class CheckpointFile: Sendable {
    private let path: FilePath
    private let lock: FileDescriptor

    /// Locks the checkpoint for as long as this value lives: beside it, as the file itself is replaced.
    package init(_ path: FilePath) throws(CheckpointFailure) {
        self.path = path
        let lockPath = FilePath("\(path).lock")
        do {
            lock = try FileDescriptor.open(
                lockPath, .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw CheckpointFailure(message: "\(lockPath): \(error)")
        }
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno == EWOULDBLOCK ? "another stream is at it" : "\(Errno(rawValue: errno))"
            try? lock.close()
            throw CheckpointFailure(message: "\(path): \(reason)")
        }
    }

    deinit {
        // Closing alone would not do: a child that was forked meanwhile has the file, and with it the lock, until its exec.
        flock(lock.rawValue, LOCK_UN)
        try? lock.close()
    }

    /// What an earlier stream has left; `nil` if there was none.
    package func read() throws(CheckpointFailure) -> CheckpointState? {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try WholeFile.read(path, maxBytes: 1 << 20)
        } catch {
            if error.cause == .noSuchFileOrDirectory { return nil }
            throw CheckpointFailure(message: "\(error)")
        }
        guard let value = try? JSONValue(parsing: bytes), let state = CheckpointState(value) else {
            throw CheckpointFailure(message: "\(path): is no checkpoint of this program")
        }
        return state
    }

    /// The failure that names this checkpoint.
    func failure(_ reason: String) -> CheckpointFailure { CheckpointFailure(message: "\(path): \(reason)") }

    /// Takes the place of what is there, as a whole.
    func write(_ state: CheckpointState) throws(FileError) {
        var bytes: [UInt8] = []
        state.json.write(into: &bytes)
        try AtomicFile.write(bytes + [UInt8(ascii: "\n")], to: path)
    }
}

extension CheckpointState {
    private static let format = 1

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("format", .integer(Self.format)), .init("model", .integer(Int(model))),
            .init("inputs", .array(inputs.map { .string($0) })), .init("input", .integer(position.input)),
            .init("offset", .integer(position.offset)), .init("lines", .integer(position.lines)),
        ]
        if let witness = position.witness {
            members.append(
                .init("witness", .array([witness.offset, witness.count, Int(witness.checksum)].map { .integer($0) })))
        }
        if let output {
            members.append(
                .init(
                    "output", .array([Int(output.device), Int(output.inode), output.bytes].map { .integer($0) })))
        }
        return .object(members)
    }

    init?(_ json: JSONValue) {
        func number(_ name: String) -> Int? { json[name]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
        func numbers(_ name: String) -> [Int]? {
            guard let values = json[name]?.elements else { return nil }
            let numbers = values.compactMap(\.integer).filter { $0 >= 0 }
            return numbers.count == 3 && values.count == 3 ? numbers : nil
        }
        guard number("format") == Self.format, let model = number("model").flatMap({ UInt32(exactly: $0) }),
            let inputs = json["inputs"]?.elements, let input = number("input"), let offset = number("offset"),
            let lines = number("lines")
        else { return nil }
        self.model = model
        self.inputs = inputs.compactMap(\.string)
        position = StreamPosition(input: input, offset: offset, lines: lines, witness: nil)
        if let witness = numbers("witness") {
            guard let checksum = UInt32(exactly: witness[2]) else { return nil }
            position.witness = .init(offset: witness[0], count: witness[1], checksum: checksum)
        }
        output = numbers("output").map { Output(device: UInt($0[0]), inode: UInt($0[1]), bytes: $0[2]) }
    }
}
