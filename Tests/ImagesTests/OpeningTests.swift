import Foundation
@testable import Images
import SystemPackage
import Testing

/// What a source opens, and what it tells of what it does not.
@Suite struct OpeningTests {
    private let folder: TemporaryFolder
    private let picture: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        picture = try Fixture.picture("baseline-420.jpg")
        try folder.folder("root/sub")
        try folder.write("root/a.jpg", picture)
        try folder.write("root/sub/b.jpg", picture)
        try folder.write("outside.jpg", picture)
        #expect(mkfifo(folder.path.appending("outside-fifo").string, 0o600) == 0)
    }

    private var root: FilePath { folder.path.appending("root") }

    /// With the kernel's names for open files, and as where there is no `/proc`.
    private static let fileNames: [FilePath] = ["/proc/self/fd", "/nowhere"]

    private func code(_ source: PictureSource, _ path: String) -> ImageError.Code? {
        failure { () throws(ImageError) in try source.bytes(of: path) }?.code
    }

    /// A link that leads out: the same answer, whatever is there.
    @Test(arguments: fileNames)
    func aLinkThatLeadsOutTellsNothing(fileNames: FilePath) throws {
        let source = PictureSource(root: root, fileNames: fileNames)
        let parent = folder.path.string
        for (number, target) in [
            "../outside.jpg", "../nothing.jpg", "../outside.jpg/a.jpg", "../outside-fifo", "..", "../../..",
            "\(parent)/outside.jpg", "\(parent)/nothing.jpg", "/", "/etc/passwd", "/etc/nothing", "\(root)-beside/a",
            "sub/../../root/a.jpg", "sub/../../root/nothing.jpg",
        ].enumerated() {
            try folder.link("root/\(number)", to: target)
            for path in ["\(number)", "\(number)/a.jpg", "sub/../\(number)", "\(number)/../root/a.jpg"] {
                let error = failure { () throws(ImageError) in try source.bytes(of: path) }
                #expect(error?.code == .outsideRoot, "\(path) to \(target)")
                #expect(error?.message == "\(path): leads out of the picture root \(root)")
            }
        }
    }

    @Test(arguments: fileNames)
    func linksWithinTheRootAreFollowed(fileNames: FilePath) throws {
        try folder.link("root/one", to: "sub")
        try folder.link("root/sub/two", to: "../one/../a.jpg")
        try folder.link("root/three", to: "./sub//two")
        try folder.link("root/four", to: root.appending("sub").string)
        let source = PictureSource(root: root, fileNames: fileNames)
        for path in ["one/b.jpg", "sub/two", "three", "four/b.jpg", "four/../one/two", "\(root)/four/two"] {
            #expect(try source.bytes(of: path) == picture, "\(path)")
        }
        try folder.link("root/circle", to: "sub/../circle")
        #expect(code(source, "circle") == .unreadable)
        #expect(code(source, "four/nothing.jpg") == .missing)
        #expect(code(source, "three/a.jpg") == .missing)
        #expect(code(source, "one") == .notRegular)
    }

    @Test(arguments: fileNames)
    func regularFilesAreOpenedWithoutARoot(fileNames: FilePath) throws {
        try folder.link("root/link.jpg", to: "a.jpg")
        let source = PictureSource(root: nil, fileNames: fileNames)
        #expect(try source.bytes(of: root.appending("link.jpg").string) == picture)
        #expect(code(source, root.string) == .notRegular)
        #expect(code(source, root.appending("nothing.jpg").string) == .missing)
    }

    /// The kernel tells who opens a file; who only finds it is not told of.
    @Test(arguments: fileNames)
    func nothingButRegularFilesIsOpened(fileNames: FilePath) throws {
        let fifo = root.appending("fifo")
        #expect(mkfifo(fifo.string, 0o600) == 0)
        let watch = try Watch([fifo, root.appending("a.jpg")])
        for source in [
            PictureSource(root: nil, fileNames: fileNames), PictureSource(root: root, fileNames: fileNames),
            PictureSource(root: root, allowAnyPath: true, fileNames: fileNames),
        ] {
            #expect(code(source, fifo.string) == .notRegular)
            #expect(watch.wereOpened() == false)
            #expect(try source.bytes(of: root.appending("a.jpg").string) == picture)
            #expect(watch.wereOpened() == true)
        }
    }

    @Test func descriptorsAreClosed() throws {
        try folder.link("root/out", to: "..")
        try folder.link("root/circle", to: "circle")
        let source = PictureSource(root: root)
        for path in [
            "a.jpg", "sub/b.jpg", "sub/../a.jpg", "nothing", "sub/nothing", "out/a", "sub", "circle", "sub/../..",
        ] {
            _ = try? source.bytes(of: path)
            _ = try? PictureSource().bytes(of: root.appending(path).string)
        }
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        #expect(open.filter { $0.hasPrefix(folder.path.string) } == [])
    }

    /// What no path can be blamed for is not the post's.
    @Test func faultsOfTheSystemAreToldApart() {
        for cause in [
            Errno.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .ioError, .staleNFSFileHandle, .timedOut,
        ] { #expect(ImageError(cause).code == .system, "\(cause)") }
        for cause in [Errno.permissionDenied, .notPermitted, .tooManySymbolicLinkLevels, .fileNameTooLong] {
            #expect(ImageError(cause).code == .unreadable, "\(cause)")
        }
        #expect(ImageError(.noSuchFileOrDirectory).code == .missing)
        #expect(ImageError(.noSuchAddressOrDevice).code == .notRegular)
    }
}

/// Hears when files are opened (inotify).
private struct Watch: ~Copyable {
    private let descriptor: CInt

    init(_ files: [FilePath]) throws {
        descriptor = inotify_init1(CInt(O_NONBLOCK | O_CLOEXEC))
        try #require(descriptor >= 0)
        for file in files { try #require(inotify_add_watch(descriptor, file.string, UInt32(IN_OPEN)) >= 0) }
    }

    deinit { Foundation.close(descriptor) }

    /// Whether one was, since this was asked before.
    func wereOpened() -> Bool {
        var events = [UInt8](repeating: 0, count: 4096)
        return read(descriptor, &events, events.count) > 0
    }
}
