import SystemPackage

/// Finds what a path leads to beneath a directory, step by step, so that nothing outside is ever looked at: a link that
/// leads out gets the same answer whatever is there.
///
/// It stands on descriptors, not on names: what is renamed meanwhile does not move it.
struct PathBeneath: ~Copyable {
    /// A file, and where it lies.
    struct Place {
        let file: FoundFile
        let folder: FoundFile
        let name: FilePath
    }

    /// As many as the kernel follows.
    private static let mostLinks = 40

    private let root: FoundFile
    /// What an absolute path has to begin with to lie in the root: its name as it was given, and free of links.
    private let rootNames: [FilePath]
    /// What is thrown where a path leads out.
    private let outside: ImageError
    /// Directories that lead from the root to where it stands.
    private var folders: [FoundFile] = []
    /// Steps that are still to go, the next one last.
    private var rest: [FilePath.Component] = []
    private var links = 0

    init(_ root: FoundFile, rootNames: [FilePath], outside: ImageError) {
        self.root = root
        self.rootNames = rootNames
        self.outside = outside
    }

    deinit {
        for folder in folders { folder.close() }
    }

    /// Lends `body` what a path leads to.
    ///
    /// - Throws: ``ImageError`` where nothing is there, or the path or a link on its way leads out.
    mutating func find<Result>(
        _ path: FilePath, _ body: (Place) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        try go(path)
        while let step = rest.popLast() {
            switch step.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                guard let last = folders.popLast() else { throw outside }
                last.close()
            case .regular:
                if let result = try enter(FilePath(root: nil, [step]), body) { return result }
            }
        }
        let standing = folders.last ?? root
        return try body(Place(file: standing, folder: standing, name: "."))
    }

    /// Puts the steps of a path in front of what is still to go: from where it stands, or from the root for an absolute one.
    private mutating func go(_ path: FilePath) throws(ImageError) {
        var steps = path.components[...]
        if path.isAbsolute {
            guard let name = rootNames.first(where: { path.starts(with: $0) }) else { throw outside }
            for folder in folders { folder.close() }
            folders = []
            steps = steps.dropFirst(name.components.count)
        }
        rest.append(contentsOf: steps.reversed())
    }

    /// Goes into a directory, along a link, or to the file at the end of the way.
    private mutating func enter<Result>(
        _ name: FilePath, _ body: (Place) throws(ImageError) -> Result
    ) throws(ImageError) -> Result? {
        let folder = folders.last ?? root
        let file = try folder.entry(name)
        var isKept = false
        defer { if !isKept { file.close() } }
        switch try file.type() {
        case .directory:
            folders.append(file)
            isKept = true
            return nil
        case .symbolicLink:
            links += 1
            if links > Self.mostLinks { throw ImageError(.tooManySymbolicLinkLevels) }
            try go(file.target())
            return nil
        default:
            guard rest.isEmpty else { throw ImageError(.notDirectory) }
            return try body(Place(file: file, folder: folder, name: name))
        }
    }
}
