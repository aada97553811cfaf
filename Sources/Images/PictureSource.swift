import Files
package import Geometry
internal import Glibc
package import SystemPackage

/// Opens picture files that a feed names.
///
/// Paths come from outside, so each is treated as hostile: nothing but a regular file is ever opened, and where there is a
/// root, what a path resolves to has to lie beneath it, and nothing is told of what lies elsewhere.
///
/// Copies share what they may take of memory: files of all together have no more bytes at a time than one may have.
package struct PictureSource: Sendable {
    let root: FilePath?
    private let allowAnyPath: Bool
    private let limits: ImageLimits
    private let decoder: ImageDecoder
    /// What files take while they are decoded. Asked before the decoder's memory, and never by who holds that, so that
    /// nobody waits in a circle.
    private let files: MemoryBudget
    /// Where the kernel names open files.
    private let fileNames: FilePath

    /// - Parameters:
    ///   - root: where relative paths start. With `nil` they start in the current directory and may lead anywhere.
    ///   - allowAnyPath: whether a path may leave `root`, by `..`, from `/`, or over a symbolic link.
    ///   - limits: what a file may cost.
    package init(root: FilePath? = nil, allowAnyPath: Bool = false, limits: ImageLimits = ImageLimits()) {
        self.init(root: root, allowAnyPath: allowAnyPath, limits: limits, fileNames: "/proc/self/fd")
    }

    init(root: FilePath?, allowAnyPath: Bool = false, limits: ImageLimits = ImageLimits(), fileNames: FilePath) {
        self.root = root
        self.allowAnyPath = allowAnyPath
        self.limits = limits
        decoder = ImageDecoder(limits: limits)
        files = MemoryBudget(bytes: limits.maxBytes)
        self.fileNames = fileNames
    }

    /// Reads and decodes a picture; see ``ImageDecoder/picture(of:atLeast:deadline:)``.
    package func picture(
        of path: String, atLeast side: Int, deadline: Deadline = .never
    ) throws(ImageError) -> Picture {
        var picture = try reading(path, until: deadline) { bytes throws(ImageError) in
            try decoder.picture(of: bytes, atLeast: side, deadline: deadline)
        }
        picture.damage = picture.damage?.naming(path)
        return picture
    }

    /// Reads the size of a picture; see ``ImageDecoder/size(of:deadline:)``.
    package func size(of path: String, deadline: Deadline = .never) throws(ImageError) -> ImageSize {
        try reading(path, until: deadline) { bytes throws(ImageError) in
            try decoder.size(of: bytes, deadline: deadline)
        }
    }

    /// Reads, decodes and prepares a picture; see ``ImageDecoder/patches(of:_:deadline:)``.
    package func patches(
        of path: String, _ preparation: ImageToPatches, deadline: Deadline = .never
    ) throws(ImageError) -> LoadedPicture {
        var loaded = try reading(path, until: deadline) { bytes throws(ImageError) in
            try decoder.patches(of: bytes, preparation, deadline: deadline)
        }
        loaded.damage = loaded.damage?.naming(path)
        return loaded
    }

    /// Lends `body` a whole file, named by its path or a `file:` URL, or what a `data:` URI holds, once there is memory
    /// for it.
    ///
    /// - Throws: ``ImageError`` with one of the codes `url`, `data`, `missing`, `notRegular`, `outsideRoot`, `unreadable`,
    ///   `empty`, `tooLarge`, `system`, `timeout`, and what `body` throws. The message names the path.
    func reading<Result>(
        _ path: String, until deadline: Deadline = .never, _ body: ([UInt8]) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        do throws(ImageError) {
            switch try PictureLocation(path) {
            case .file(let path):
                let file = try patiently(until: deadline) { () throws(ImageError) in try open(path) }
                // Nothing was written, so nothing is lost when closing fails.
                defer { try? file.close() }
                let size = try size(of: file)
                return try files.lend(size, until: deadline) { () throws(ImageError) in try body(read(file, size)) }
            case .data(let data, let isBase64):
                let size = min(data.utf8.count, limits.maxBytes)
                return try files.lend(size, until: deadline) { () throws(ImageError) in
                    try body(PictureLocation.bytes(of: data, isBase64: isBase64, limit: limits.maxBytes))
                }
            }
        } catch {
            throw error.naming(path)
        }
    }

    private func open(_ path: String) throws(ImageError) -> FileDescriptor {
        if path.isEmpty { throw ImageError(.missing, "the path is empty") }
        if path.utf8.contains(0) { throw ImageError(.unreadable, "the path holds a NUL byte") }
        if path.utf8.count >= PATH_MAX { throw ImageError(.unreadable, "the path is longer than \(PATH_MAX) bytes") }
        if let root, !allowAnyPath { return try open(FilePath(path), beneath: root) }
        let place = root?.pushing(FilePath(path)) ?? FilePath(path)
        let found = try FoundFile.at(place, names: fileNames)
        defer { found.close() }
        return try found.open(orElse: place, follows: true)
    }

    /// Opens a file that has to lie beneath `root`.
    private func open(_ path: FilePath, beneath root: FilePath) throws(ImageError) -> FileDescriptor {
        let outside = ImageError(.outsideRoot, "leads out of the picture root \(root)")
        // A path whose names alone lead out gets this answer whether or not they are there.
        if path.lexicallyNormalized().components.first?.kind == .parentDirectory { throw outside }
        let folder: FoundFile
        do throws(ImageError) {
            folder = try FoundFile.at(root, names: fileNames, isFolder: true)
        } catch {
            throw error.naming("picture root \(root)")
        }
        defer { folder.close() }
        let base = try folder.location()
        var way = PathBeneath(folder, rootNames: [base, root].compactMap(\.self), outside: outside)
        return try way.find(path) { place throws(ImageError) in
            // A folder on the way may have been moved out meanwhile.
            if let base, try place.file.location()?.starts(with: base) == false { throw outside }
            return try place.file.open(orElse: place.name, in: place.folder, follows: false)
        }
    }

    /// Tries again for a second where too many files are open: others close theirs.
    private func patiently<Result>(
        until deadline: Deadline, _ body: () throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        for _ in 0..<100 {
            do throws(ImageError) {
                return try body()
            } catch {
                let isPassing = error.cause == .tooManyOpenFiles || error.cause == .tooManyOpenFilesInSystem
                if !isPassing || deadline.hasPassed { throw error }
            }
            usleep(10_000)
        }
        return try body()
    }

    /// Size of a file, if it may be read.
    private func size(of file: FileDescriptor) throws(ImageError) -> Int {
        let size: Int
        do throws(Errno) {
            size = Int(try file.stat().size)
        } catch {
            throw ImageError(error)
        }
        if size == 0 { throw ImageError(.empty, "the file is empty") }
        if size > limits.maxBytes { throw ImageError(.tooLarge, "\(size) bytes, the limit is \(limits.maxBytes)") }
        return size
    }

    /// Reads a file up to the size it had when it was opened; one that grows meanwhile costs no more than that.
    private func read(_ file: FileDescriptor, _ size: Int) throws(ImageError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try WholeFile.contents(of: file, upTo: size)
        } catch {
            throw ImageError(error)
        }
        if bytes.isEmpty { throw ImageError(.empty, "the file is empty") }
        return bytes
    }
}
