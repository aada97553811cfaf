import Foundation
package import SystemPackage

extension ExportFormat {
    /// Writes the files of an export: a folder of them, or one file, which takes its place whole or not at all.
    ///
    /// `-` is standard output, for formats of one file.
    package func write(_ files: [ExportedFile], to output: FilePath) throws(DataError) {
        if !isFolder, output == "-" {
            for file in files { try Self.write(file.contents, to: .standardOutput, output) }
            return
        }
        guard output != "-" else { throw DataError(output, "\(rawValue) is a folder of files, not a stream") }
        for file in files {
            let path = file.name.isEmpty ? output : output.pushing(FilePath(file.name))
            try Self.replace(path, with: file.contents)
        }
    }

    private static func replace(_ path: FilePath, with contents: [UInt8]) throws(DataError) {
        let folder = path.removingLastComponent()
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            }
        } catch {
            throw DataError(folder, "cannot be made: \((error as NSError).localizedDescription)")
        }
        let temporary = FilePath(path.string + ".new")
        do {
            let file = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try file.closeAfter { _ = try file.writeAll(contents) }
            guard unsafe rename(temporary.string, path.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unsafe unlink(temporary.string)
            throw DataError(path, (error as? Errno)?.description ?? "\(error)")
        }
    }

    private static func write(
        _ contents: [UInt8], to file: FileDescriptor, _ path: FilePath
    ) throws(DataError) {
        do {
            _ = try file.writeAll(contents)
        } catch {
            throw DataError(path, (error as? Errno)?.description ?? "\(error)")
        }
    }
}
