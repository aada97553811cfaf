import SystemPackage

/// Where somebody else finds a picture that a feed names.
package enum PictureAddress: Sendable, Equatable {
    /// A file, by a path that is absolute or begins in the current directory.
    case file(String)
    /// A `data:` URI.
    case data(String)
}

extension PictureSource {
    /// Where another program finds a picture; `nil` where the name is none. Whether it is there, and may be read, only reading
    /// it tells.
    package func address(of path: String) -> PictureAddress? {
        guard let location = try? PictureLocation(path) else { return nil }
        switch location {
        case .data: return .data(path)
        case .file(let path): return .file((root?.pushing(FilePath(path)) ?? FilePath(path)).string)
        }
    }
}
