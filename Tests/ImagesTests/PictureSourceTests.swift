import Foundation
@testable import Images
import SystemPackage
import Testing

/// A folder that is removed with its owner.
private final class TemporaryFolder {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gmner-images-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path.appending(name).string))
    }

    func folder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: path.appending(name).string, withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path.appending(name).string, withDestinationPath: target)
    }
}

@Suite struct PictureSourceTests {
    private let folder: TemporaryFolder
    private let picture: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        picture = try Fixture.picture("baseline-420.jpg")
        try folder.folder("root/sub")
        try folder.folder("root-beside")
        try folder.write("root/a.jpg", picture)
        try folder.write("root/sub/b.jpg", picture)
        try folder.write("outside.jpg", picture)
        try folder.write("root-beside/c.jpg", picture)
    }

    private var root: FilePath { folder.path.appending("root") }

    private func code(_ source: PictureSource, _ path: String) -> ImageError.Code? {
        failure { () throws(ImageError) in try source.bytes(of: path) }?.code
    }

    @Test func readsWhatLiesBeneathTheRoot() throws {
        try folder.link("root/inner.jpg", to: "sub/b.jpg")
        try folder.link("root-link", to: "root")
        for given in [root, folder.path.appending("root-link")] {
            let source = PictureSource(root: given)
            for path in ["a.jpg", "sub/b.jpg", "./a.jpg", "sub/../a.jpg", "inner.jpg", given.appending("a.jpg").string]
            {
                #expect(try source.bytes(of: path) == picture, "\(path) beneath \(given)")
            }
        }
    }

    @Test func refusesWhatLeavesTheRoot() throws {
        try folder.link("root/file-link.jpg", to: "../outside.jpg")
        try folder.link("root/folder-link", to: "..")
        try folder.link("root/absolute-link.jpg", to: folder.path.appending("outside.jpg").string)
        let source = PictureSource(root: root)
        let free = PictureSource(root: root, allowAnyPath: true)
        let absolute = folder.path.appending("outside.jpg").string
        for path in [
            "../outside.jpg", "sub/../../outside.jpg", "../root-beside/c.jpg", "file-link.jpg",
            "folder-link/outside.jpg", "absolute-link.jpg", absolute,
        ] {
            #expect(code(source, path) == .outsideRoot, "\(path)")
            #expect(try free.bytes(of: path) == picture, "\(path)")
        }
        // Whether something is there is not told either.
        #expect(code(source, "../nothing.jpg") == .outsideRoot)
        #expect(code(source, "/nothing.jpg") == .outsideRoot)
        #expect(code(source, "/proc/self/fd/0") == .outsideRoot)
        #expect(code(source, "..") == .outsideRoot)
    }

    @Test func withoutARootAnyPathIsRead() throws {
        #expect(try PictureSource().bytes(of: folder.path.appending("outside.jpg").string) == picture)
    }

    @Test func aRootThatIsNotThereIsNamed() {
        let source = PictureSource(root: folder.path.appending("no-root"))
        let error = failure { () throws(ImageError) in try source.bytes(of: "a.jpg") }
        #expect(error?.code == .missing)
        #expect(error?.message.contains("no-root") == true)
    }

    /// None of these may block, with or without a root.
    @Test func onlyRegularFilesAreRead() throws {
        #expect(mkfifo(root.appending("fifo").string, 0o600) == 0)
        try folder.link("root/zero", to: "/dev/zero")
        let beneath = PictureSource(root: root)
        let anywhere = PictureSource()
        #expect(code(beneath, "fifo") == .notRegular)
        #expect(code(beneath, "sub") == .notRegular)
        #expect(code(beneath, ".") == .notRegular)
        #expect(code(beneath, "zero") == .outsideRoot)
        #expect(code(anywhere, root.appending("fifo").string) == .notRegular)
        #expect(code(anywhere, root.string) == .notRegular)
        #expect(code(anywhere, "/dev/zero") == .notRegular)
        #expect(code(anywhere, "/dev/null") == .notRegular)
        #expect(code(anywhere, "/dev/stdin") != nil)
    }

    @Test func namesWhatIsWrongWithAPath() throws {
        try folder.write("root/empty.jpg", [])
        try folder.link("root/circle.jpg", to: "circle.jpg")
        let source = PictureSource(root: root)
        #expect(code(source, "nothing.jpg") == .missing)
        #expect(code(source, "a.jpg/b.jpg") == .missing)
        #expect(code(source, "") == .missing)
        #expect(code(source, "empty.jpg") == .empty)
        #expect(code(source, "a.jpg\0.png") == .unreadable)
        #expect(code(source, "circle.jpg") == .unreadable)
        #expect(code(source, String(repeating: "x", count: 5_000)) == .unreadable)
        let error = failure { () throws(ImageError) in try source.bytes(of: "nothing.jpg") }
        #expect(error?.message == "nothing.jpg: no such file")
        let long = failure { () throws(ImageError) in try source.bytes(of: String(repeating: "é", count: 1_000_000)) }
        #expect(try #require(long).message.count < 400)
    }

    @Test func sizeIsCheckedBeforeMemoryIsTaken() throws {
        // A sparse terabyte costs nothing until somebody reads it.
        let file = try FileDescriptor.open(
            root.appending("huge.jpg"), .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.closeAfter { try file.resize(to: 1 << 40) }
        #expect(code(PictureSource(root: root), "huge.jpg") == .tooLarge)
        #expect(code(PictureSource(root: root, limits: ImageLimits(maxBytes: picture.count)), "a.jpg") == nil)
        #expect(code(PictureSource(root: root, limits: ImageLimits(maxBytes: picture.count - 1)), "a.jpg") == .tooLarge)
    }

    @Test func contentDecidesNotTheName() throws {
        try folder.write("root/really-a-png.jpg", Fixture.picture("rgb-8.png"))
        try folder.write("root/page.jpg", Array("<html>404</html>".utf8))
        let source = PictureSource(root: root)
        #expect(try source.picture(of: "really-a-png.jpg", atLeast: 8).width == 23)
        let error = failure { () throws(ImageError) in try source.picture(of: "page.jpg", atLeast: 8) }
        #expect(error?.code == .format)
        #expect(error?.message.hasPrefix("page.jpg: ") == true)
    }
}
