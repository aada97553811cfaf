import Files
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
        do throws(FileError) {
            var folders: Set<FilePath> = []
            for file in files {
                let path = file.name.isEmpty ? output : output.pushing(FilePath(file.name))
                if folders.insert(path.removingLastComponent()).inserted {
                    try Folder.create(path.removingLastComponent())
                }
                let written = try AtomicFile(path)
                try written.write(file.contents)
                try written.commit(flushingFolder: false)
            }
            for folder in folders { try Folder.flush(folder) }
        } catch {
            throw DataError(writing: error)
        }
    }

    private static func write(
        _ contents: [UInt8], to file: FileDescriptor, _ path: FilePath
    ) throws(DataError) {
        do {
            _ = try file.writeAll(contents)
        } catch {
            throw DataError(path, (error as? Errno)?.description ?? "\(error)", kind: .output)
        }
    }
}
