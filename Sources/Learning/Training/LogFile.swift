import SystemPackage

/// A file that grows by whole records.
final class LogFile {
    private let path: FilePath
    private let descriptor: FileDescriptor

    /// Opens for appending; makes the file if there is none.
    init(_ path: FilePath) throws(TrainingError) {
        self.path = path
        do {
            // Without waiting: a pipe of that name that nobody reads is refused.
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.append, .create, .closeOnExec, .nonBlocking],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw TrainingError(.file, "cannot write \(path): \(error)")
        }
    }

    deinit { try? descriptor.close() }

    /// Whether nothing has been written yet.
    var isEmpty: Bool {
        get throws(TrainingError) {
            do {
                return try descriptor.seek(offset: 0, from: .end) == 0
            } catch {
                throw TrainingError(.file, "cannot read \(path): \(error)")
            }
        }
    }

    func append(_ bytes: [UInt8]) throws(TrainingError) {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw TrainingError(.file, "cannot write \(path): \(error)")
        }
    }
}
