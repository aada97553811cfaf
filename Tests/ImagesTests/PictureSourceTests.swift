import Foundation
@testable import Images
import SystemPackage
import Testing

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

    @Test func fileURLsNamePaths() throws {
        try folder.write("root/ä b%.jpg", picture)
        let source = PictureSource(root: root)
        let url = "\(root)".replacing(" ", with: "%20") + "/%C3%A4%20b%25.jpg"
        for url in ["file://\(url)", "FILE://localhost\(url)", "file:\(url)"] {
            #expect(try source.bytes(of: url) == picture, "\(url)")
        }
        #expect(code(source, "file:///etc/hostname") == .outsideRoot)
        #expect(code(source, "file://\(root)/nothing.jpg") == .missing)
        #expect(code(source, "file://\(root)/a.jpg%00.png") == .unreadable)
        for url in [
            "file://other\(url)", "file:a.jpg", "file://", "file://localhost", "file:///a%2", "file:///a%zz",
            "file:///%FF",
        ] {
            #expect(code(source, url) == .url, "\(url)")
        }
    }

    @Test func nothingIsFetched() {
        for url in ["http://x.org/a.jpg", "HTTPS://x.org/a.jpg", "ftp://x.org/a.jpg", "s3://x/a.jpg"] {
            let error = failure { () throws(ImageError) in try PictureSource(root: root).bytes(of: url) }
            #expect(error?.code == .url && error?.message.contains("nothing is fetched") == true, "\(url)")
        }
        // Paths may hold colons.
        #expect(code(PictureSource(root: root), "12:30.jpg") == .missing)
        #expect(code(PictureSource(root: root), "c:/a.jpg") == .missing)
    }

    @Test func dataURIsHoldTheirPicture() throws {
        let source = PictureSource(root: root)
        let base64 = Data(picture).base64EncodedString()
        let broken = base64.enumerated().map { $0 % 76 == 75 ? "\($1)\r\n" : "\($1)" }.joined()
        let escaped = base64.replacing("+", with: "%2B").replacing("/", with: "%2f").replacing("=", with: "%3D")
        let bare = base64.replacing("=", with: "")
        for data in [base64, broken, escaped, bare] {
            #expect(try source.bytes(of: "data:image/jpeg;base64,\(data)") == picture)
        }
        #expect(try source.bytes(of: "DATA:;BASE64,\(base64)") == picture)
        #expect(try source.bytes(of: "data:,a%00b") == [0x61, 0, 0x62])
        #expect(try source.picture(of: "data:image/png;base64,\(base64)", atLeast: 8).width > 0)
        for uri in ["data:", "data:image/png;base64", "data:;base64,a", "data:;base64,####", "data:,%x"] {
            #expect(code(source, uri) == .data, "\(uri)")
        }
        #expect(code(source, "data:;base64,") == .empty && code(source, "data:image/png,") == .empty)
        for (limit, expected) in [(picture.count, nil), (picture.count - 1, .tooLarge)] as [(Int, ImageError.Code?)] {
            let source = PictureSource(limits: ImageLimits(maxBytes: limit))
            #expect(code(source, "data:;base64,\(base64)") == expected)
        }
        #expect(code(PictureSource(limits: ImageLimits(maxBytes: 2)), "data:,%61%62%63") == .tooLarge)
        let error = failure { () throws(ImageError) in try source.bytes(of: "data:image/png;base64,####\(base64)") }
        #expect(try #require(error).message.utf8.count < 120)
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
