import Corpora
import Files
import SystemPackage

/// A page that a command writes beside what it prints.
enum PageFile {
    /// Writes it; the file takes its place whole or not at all.
    static func write(_ page: [UInt8], to path: String) throws(DataError) {
        do throws(FileError) {
            try AtomicFile.write(page, to: FilePath(path))
        } catch {
            throw DataError(writing: error)
        }
    }
}
