import Foundation
import SystemPackage

/// A folder of pictures, and one outside that posts are not meant to reach, with ways from one to the other.
struct PictureFolders {
    let root: FilePath
    let outside: FilePath

    /// Makes them.
    init(in scene: Scene) throws {
        let folder = try scene.folder("paths")
        root = folder.appending("root")
        outside = folder.appending("outside")
        for path in [root.appending("sub"), outside] {
            try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        }
        let picture = try Bytes.read(scene.pictures.appending("scene.png"))
        for path in [root.appending("inside.png"), root.appending("sub/inside.png")] {
            try Bytes.write(picture, to: path)
        }
        try Bytes.write(try Bytes.read(scene.package.appending("examples/posts/chelsea.png")), to: secret)
        let links = [
            "link-secret.png": "../outside/secret.png", "link-nothing.png": "../outside/nothing.png",
            "far-secret.png": "\(outside)/secret.png", "far-nothing.png": "\(outside)/nothing.png",
            "link": "../outside", "up": "..", "top": "/", "round": "round", "sub/back": "../../outside",
            "chain-secret.png": "link-secret.png", "chain-nothing.png": "link-nothing.png", "here": "sub/inside.png",
        ]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(name).string, withDestinationPath: target)
        }
        guard mkfifo(root.appending("fifo").string, 0o666) == 0, mkfifo(outside.appending("fifo").string, 0o666) == 0
        else { throw Errno(rawValue: errno) }
    }

    /// What nobody is meant to see.
    var secret: FilePath { outside.appending("secret.png") }

    /// By which it would be known.
    static let widthOfSecret = 320

    /// Paths that lead out, to a file that is there or to one that is not.
    func tricks(_ name: String) -> [String] {
        [
            "../outside/\(name)", "./../outside/\(name)", "sub/../../outside/\(name)", "link/\(name)",
            "sub/back/\(name)", "sub/../link/\(name)", "up/outside/\(name)", "up/root/up/outside/\(name)",
            "nothing/../../outside/\(name)", "inside.png/../../outside/\(name)", "fifo/../../outside/\(name)",
            "round/../../outside/\(name)", "link-\(name)", "far-\(name)", "chain-\(name)", "\(outside)/\(name)",
            "/\(outside)/\(name)", "top/\(outside)/\(name)", "\(root)/../outside/\(name)",
            "/proc/self/root\(outside)/\(name)", "/proc/self/cwd/\(outside)/\(name)", "/dev/fd/../\(outside)/\(name)",
            "file://\(outside)/\(name)", "file://localhost\(outside)/\(name)", "file:../outside/\(name)",
            "%2e%2e/outside/\(name)", "..%2foutside/\(name)", "..\\\\outside\\\\\(name)", "../outside/\(name)/",
            "../outside//\(name)", "../outside/./\(name)", "....//outside/\(name)", "..\\u0000/outside/\(name)",
            "../outside/\(name)\\u0000.png", "inside.png\\u0000/../../outside/\(name)", "sub\\n/../../outside/\(name)",
            String(repeating: "sub/../", count: 500) + "../outside/\(name)",
            String(repeating: "../", count: 1_000) + String("\(outside)/\(name)".dropFirst()),
        ]
    }

    /// Paths of what is no picture, wherever it is.
    static let oddities = [
        "fifo", "../outside/fifo", "sub", ".", "..", "/", "", "/dev/zero", "/dev/stdin", "/dev/tty", "/dev/full",
        "/proc/self/mem", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/environ", "/proc/self/exe", "/proc/kmsg",
        "/proc/sys/kernel/core_pattern", "/sys/kernel/notes", "round", "inside.png/", "inside.png/.", "inside.png/..",
        "\\u0000", "\\n", "\\u202egnp", String(repeating: "a", count: 300), String(repeating: "a/", count: 3_000),
        "file:", "file://", "file:///", "file://elsewhere/a.png", "http://localhost/a.png", "data:", "data:image/png,",
    ]
}
