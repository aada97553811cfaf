import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct OpenFolderTests {
    @Test("Another folder that takes its name, and one that is removed, change nothing for whoever has it open")
    func staysWhatItWas() throws {
        try withFolder { (folder) throws in
            let (first, second) = (folder.appending("first"), folder.appending("second"))
            for path in [first, second] {
                try Folder.create(path)
                try Data(path.string.utf8).write(to: URL(filePath: path.appending("name").string))
            }
            let opened = try OpenFolder(first)
            #expect(rename(first.string, folder.appending("away").string) == 0)
            #expect(rename(second.string, first.string) == 0)
            #expect(try WholeFile.read("name", in: opened, maxBytes: 4096) == Array(first.string.utf8))
            #expect(try WholeFile.read(first.appending("name"), maxBytes: 4096) == Array(second.string.utf8))
            try FileManager.default.removeItem(atPath: folder.appending("away").string)
            let error = #expect(throws: FileError.self) { try WholeFile.read("name", in: opened, maxBytes: 4096) }
            #expect(error?.description == "\(first)/name: No such file or directory")
        }
    }

    @Test func saysWhatIsThere() throws {
        try withFolder { (folder) throws in
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            let opened = try OpenFolder(folder)
            let notRegular = #expect(throws: FileError.self) { try opened.open("pipe") }
            #expect(notRegular?.description == "\(pipe): not a regular file")
            let missing = #expect(throws: FileError.self) { try opened.open("none") }
            #expect(missing?.cause == .noSuchFileOrDirectory)
            let parent = #expect(throws: FileError.self) { try opened.open("..") }
            #expect(parent?.cause == .isDirectory)
            let folders = [(pipe, Errno.notDirectory), (folder.appending("none"), .noSuchFileOrDirectory)]
            for (path, cause) in folders {
                let error = #expect(throws: FileError.self) { _ = try OpenFolder(path) }
                #expect(error?.path == path)
                #expect(error?.cause == cause)
            }
        }
    }

    @Test("A folder whose files may be read but not listed is good enough")
    func needsNoList() throws {
        try withFolder { (folder) throws in
            try Data("x".utf8).write(to: URL(filePath: folder.appending("name").string))
            #expect(chmod(folder.string, 0o100) == 0)
            defer { chmod(folder.string, 0o700) }
            #expect(try WholeFile.read("name", in: OpenFolder(folder), maxBytes: 1) == [0x78])
        }
    }
}
