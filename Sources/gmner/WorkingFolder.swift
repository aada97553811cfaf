import FoundationEssentials
import SystemPackage

/// Where a command keeps what it works out on the way.
enum WorkingFolder {
    /// Gives the folder that somebody named, which stays, or one for this run, which goes.
    static func use<Result>(_ named: String?, _ work: (FilePath) throws -> Result) throws -> Result {
        if let named { return try work(FilePath(named)) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "gmner-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try work(FilePath(folder.path))
    }
}
