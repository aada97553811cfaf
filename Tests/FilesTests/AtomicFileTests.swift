import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite struct AtomicFileTests {
    @Test func appearsWhole() throws {
        try withFolder { (folder) throws in
            let path = folder.appending("model")
            let file = try AtomicFile(path)
            try file.write(Array("first ".utf8))
            try file.write(Array("SECOND".utf8).prefix(6).map { $0 | 0x20 })
            #expect(!FileManager.default.fileExists(atPath: path.string))
            try file.write(Array("F".utf8), at: 0)
            try file.write(Array(" third".utf8))
            try file.commit()
            #expect(try read(path) == "First second third")
            #expect(file.checksum.value == CRC32C.of(Array("first second third".utf8)).value)
            #expect(try names(in: folder) == ["model"])
        }
    }

    @Test("Until the end, and where there is none, the old file stands", arguments: [true, false])
    func keepsTheOld(drops: Bool) throws {
        try withFolder { (folder) throws in
            let path = folder.appending("model")
            try write("old", to: path)
            do {
                let file = try AtomicFile(path)
                try file.write(Array("new".utf8))
                #expect(try read(path) == "old")
                if !drops { try file.commit() }
            }
            #expect(try read(path) == (drops ? "old" : "new"))
            #expect(try names(in: folder) == ["model"])
        }
    }

    @Test("A name that cannot be taken in the end leaves nothing beside it")
    func failsAtTheEnd() throws {
        try withFolder { (folder) throws in
            let path = folder.appending("model")
            let file = try AtomicFile(path)
            try file.write([1])
            #expect(mkdir(path.string, 0o777) == 0)
            let error = #expect(throws: FileError.self) { try file.commit() }
            #expect(error == FileError(path, "cannot be written: Is a directory", cause: .isDirectory))
            #expect(try names(in: folder) == ["model"])
        }
    }

    @Test("A new file has what the umask leaves, one in another's place has that one's permissions")
    func permissions() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
        let umask = try #require(CInterop.Mode(line.split(separator: "\t")[1], radix: 8))
        try withFolder { (folder) throws in
            let path = folder.appending("model")
            try AtomicFile.write([1], to: path)
            #expect(try path.stat().permissions.rawValue == 0o666 & ~umask)
            for mode: CInterop.Mode in [0o600, 0o664, 0o440] {
                #expect(chmod(path.string, mode) == 0)
                try AtomicFile.write([2], to: path)
                #expect(try path.stat().permissions.rawValue == mode)
            }
        }
    }

    @Test func replacesNoDeviceAndNoPipe() throws {
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/null") }
        #expect(try FilePath("/dev/null").stat().type == .characterSpecial)
        try withFolder { (folder) throws in
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: pipe) }
            #expect(error?.message == "cannot be written: it is there and is no regular file")
            #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder) }
            #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder.appending("no/model")) }
            #expect(try names(in: folder) == ["pipe"])
        }
    }

    @Test("What a process of the same number has left behind is in nobody's way")
    func leftovers() throws {
        try withFolder { (folder) throws in
            let path = folder.appending("model")
            let left = FilePath("\(path).\(getpid()).partial")
            try write("a longer text of another run", to: left)
            #expect(chmod(left.string, 0o400) == 0)
            try AtomicFile.write(Array("new".utf8), to: path)
            #expect(try read(path) == "new")
            #expect(try names(in: folder) == ["model"])
        }
    }

    @Test func makesFolders() throws {
        try withFolder { (folder) throws in
            let deep = folder.appending("a/b/c")
            try Folder.create(deep)
            try Folder.create(deep)
            #expect(try deep.stat().type == .directory)
            try Folder.flush(deep)
            try Folder.flush("")
            try write("", to: folder.appending("file"))
            let error = #expect(throws: FileError.self) { try Folder.create(folder.appending("file/below")) }
            #expect(error?.path == folder.appending("file"))
            #expect(throws: FileError.self) { try Folder.flush(folder.appending("none")) }
        }
    }
}
