import Files
internal import Glibc
package import SystemPackage

/// Opens picture files that a feed names.
///
/// Paths come from outside, so each is treated as hostile: only regular files are read, opening never blocks, and where
/// there is a root, what a path resolves to has to lie beneath it.
///
/// Copies share what they may take of memory: files of all together have no more bytes at a time than one may have.
package struct PictureSource: Sendable {
    private let root: FilePath?
    private let allowAnyPath: Bool
    private let limits: ImageLimits
    private let decoder: ImageDecoder
    /// What files take while they are decoded. Asked before the decoder's memory, and never by who holds that, so that
    /// nobody waits in a circle.
    private let files: MemoryBudget

    /// - Parameters:
    ///   - root: where relative paths start. With `nil` they start in the current directory and may lead anywhere.
    ///   - allowAnyPath: whether a path may leave `root`, by `..`, from `/`, or over a symbolic link.
    ///   - limits: what a file may cost.
    package init(root: FilePath? = nil, allowAnyPath: Bool = false, limits: ImageLimits = ImageLimits()) {
        self.root = root
        self.allowAnyPath = allowAnyPath
        self.limits = limits
        decoder = ImageDecoder(limits: limits)
        files = MemoryBudget(bytes: limits.maxBytes)
    }

    /// Reads and decodes a picture; see ``ImageDecoder/picture(of:atLeast:deadline:)``.
    package func picture(
        of path: String, atLeast side: Int, deadline: Deadline = .never
    ) throws(ImageError) -> Picture {
        try reading(path, until: deadline) { bytes throws(ImageError) in
            try decoder.picture(of: bytes, atLeast: side, deadline: deadline)
        }
    }

    /// Reads, decodes and prepares a picture; see ``ImageDecoder/patches(of:_:deadline:)``.
    package func patches(
        of path: String, _ preparation: ImageToPatches, deadline: Deadline = .never
    ) throws(ImageError) -> LoadedPicture {
        try reading(path, until: deadline) { bytes throws(ImageError) in
            try decoder.patches(of: bytes, preparation, deadline: deadline)
        }
    }

    /// Lends `body` a whole file, named by its path or a `file:` URL, or what a `data:` URI holds, once there is memory
    /// for it.
    ///
    /// - Throws: ``ImageError`` with one of the codes `url`, `data`, `missing`, `notRegular`, `outsideRoot`, `unreadable`,
    ///   `empty`, `tooLarge`, `timeout`, and what `body` throws. The message names the path.
    func reading<Result>(
        _ path: String, until deadline: Deadline = .never, _ body: ([UInt8]) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        do throws(ImageError) {
            switch try PictureLocation(path) {
            case .file(let path):
                return try Self.closing(open(path)) { file throws(ImageError) in
                    let size = try size(of: file)
                    return try files.lend(size, until: deadline) { () throws(ImageError) in
                        try body(read(file, size))
                    }
                }
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
        // Not blocking: opening a FIFO that nobody writes to would wait for ever.
        let flags = O_NONBLOCK | O_NOCTTY
        guard let root else { return try Self.open(FilePath(path), flags) }
        if allowAnyPath { return try Self.open(root.pushing(FilePath(path)), flags) }
        return try openBeneath(root, FilePath(path), flags)
    }

    /// Opens a file that has to lie beneath `root`. What counts is where the file itself is, asked of its descriptor
    /// before it is opened for reading: names and links may change under our hands.
    private func openBeneath(
        _ root: FilePath, _ path: FilePath, _ flags: CInt
    ) throws(ImageError) -> FileDescriptor {
        let outside = ImageError(.outsideRoot, "leads out of the picture root \(root)")
        let base: FilePath
        do throws(ImageError) {
            base = try Self.closing(Self.open(root, Self.onlyLocate | O_DIRECTORY), Self.location)
        } catch {
            throw error.naming("picture root \(root)")
        }
        // A path whose names alone lead out gets the same answer whether or not something is there.
        let target = base.pushing(path)
        let plain = target.lexicallyNormalized()
        guard plain.starts(with: base) || plain.starts(with: root) else { throw outside }
        return try Self.closing(Self.open(target, Self.onlyLocate)) { handle throws(ImageError) in
            guard try Self.location(of: handle).starts(with: base) else { throw outside }
            try Self.checkRegular(handle)
            return try Self.open(Self.link(to: handle), flags)
        }
    }

    private static func open(_ path: FilePath, _ flags: CInt) throws(ImageError) -> FileDescriptor {
        let options = FileDescriptor.OpenOptions(rawValue: flags | O_CLOEXEC)
        do {
            return try FileDescriptor.open(path, .readOnly, options: options)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            throw ImageError(.missing, "no such file")
        } catch Errno.noSuchAddressOrDevice {
            throw ImageError(.notRegular, "a socket, or a device that is not there")
        } catch {
            throw ImageError(.unreadable, "\(error)")
        }
    }

    /// Closes a descriptor when `body` is done with it.
    private static func closing<R>(
        _ file: FileDescriptor, _ body: (FileDescriptor) throws(ImageError) -> R
    ) throws(ImageError) -> R {
        // Nothing was written, so nothing is lost when closing fails.
        defer { try? file.close() }
        return try body(file)
    }

    /// Linux' `O_PATH`, which Glibc's module leaves out: finds a file without opening it, so that a device or FIFO
    /// notices nothing.
    private static let onlyLocate: CInt = 0o10_000_000

    /// The kernel's name for an open file.
    private static func link(to file: FileDescriptor) -> FilePath { FilePath("/proc/self/fd/\(file.rawValue)") }

    /// Where an open file lies now, free of links.
    private static func location(of file: FileDescriptor) throws(ImageError) -> FilePath {
        let link = link(to: file)
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = unsafe link.withPlatformString { name in unsafe readlink(name, &target, target.count - 1) }
        guard length > 0 else { throw ImageError(.unreadable, "\(link) does not tell where the file is") }
        return FilePath(platformString: target)
    }

    /// Size of an open file in bytes, which must be a regular one.
    @discardableResult
    private static func checkRegular(_ file: FileDescriptor) throws(ImageError) -> Int {
        do throws(Errno) {
            let status = try file.stat()
            if status.type == .regular { return Int(status.size) }
        } catch {
            throw ImageError(.unreadable, "\(error)")
        }
        throw ImageError(.notRegular, "not a regular file")
    }

    /// Size of a file, if it may be read.
    private func size(of file: FileDescriptor) throws(ImageError) -> Int {
        let size = try Self.checkRegular(file)
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
            throw ImageError(.unreadable, "\(error)")
        }
        if bytes.isEmpty { throw ImageError(.empty, "the file is empty") }
        return bytes
    }
}
