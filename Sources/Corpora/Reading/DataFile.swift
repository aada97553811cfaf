import Files
package import JSON
package import SystemPackage

/// Whole files of text, read once and checked.
package enum DataFile {
    /// Files above this size are refused; the largest data set of the field is a fiftieth of it.
    package static let maxBytes = 256 << 20

    /// Reads a file; with `mayBeStream`, also standard input (`-`) and pipes, for what a command line names.
    package static func read(
        _ path: FilePath, maxBytes: Int = maxBytes, mayBeStream: Bool = false
    ) throws(DataError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path, maxBytes: maxBytes, mayBeStream: mayBeStream)
        } catch {
            throw DataError(path, error.message, kind: error.cause == .fileTooLarge ? .content : .input)
        }
    }

    /// The lines of a file, as ``lines(of:_:)``.
    package static func lines(_ path: FilePath, mayBeStream: Bool = false) throws(DataError)
        -> [String]
    {
        try lines(of: read(path, mayBeStream: mayBeStream), path)
    }

    /// The lines of a text without their ends (`\n` or `\r\n`), each checked to be UTF-8. A byte order mark in front is left
    /// out. `path` is where messages say that they come from.
    package static func lines(of contents: [UInt8], _ path: FilePath) throws(DataError) -> [String] {
        var contents = contents[...]
        if contents.starts(with: [0xEF, 0xBB, 0xBF]) { contents = contents.dropFirst(3) }
        if contents.last == newline { contents = contents.dropLast() }
        var lines: [String] = []
        if contents.isEmpty { return lines }
        for bytes in contents.split(separator: newline, omittingEmptySubsequences: false) {
            let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
            guard let line = String(validating: bytes, as: UTF8.self) else {
                throw DataError(path, line: lines.count + 1, "not UTF-8")
            }
            lines.append(line)
        }
        return lines
    }

    /// Reads a file of one JSON value a line, in order; blank lines are left out.
    ///
    /// - Parameter body: Gets each value with the number of its line, from 1.
    /// - Throws: ``DataError`` for a line that is no JSON, and what `body` throws.
    package static func forEachValue(
        _ path: FilePath, mayBeStream: Bool = false,
        _ body: (JSONValue, _ line: Int) throws(DataError) -> Void
    ) throws(DataError) {
        for (index, line) in try lines(path, mayBeStream: mayBeStream).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            try body(value(line, of: path, line: index + 1), index + 1)
        }
    }

    /// The JSON value of a line; `path` and `number` are where messages say that it is.
    static func value(_ line: String, of path: FilePath, line number: Int) throws(DataError)
        -> JSONValue
    {
        do throws(JSONError) {
            return try JSONValue(parsing: Array(line.utf8))
        } catch {
            throw DataError(path, line: number, "\(error.message), at byte \(error.offset + 1)")
        }
    }

    private static let newline = UInt8(ascii: "\n")

    /// Name of the picture in `folder` that belongs to a post, `ID.jpg` or `ID.png`; `nil` where it is not at hand.
    package static func picture(_ folder: FilePath, id: String) -> String? {
        [".jpg", ".png"].lazy.compactMap { path(folder, id: id, suffix: $0)?.lastComponent?.string }
            .first
    }

    /// The file in `folder` that belongs to a post, or `nil` where the post has none: named as exporters name it
    /// (``FileName``), or by the id as it is.
    ///
    /// An id comes from data, so it must not lead out of the folder.
    package static func path(_ folder: FilePath, id: String, suffix: String) -> FilePath? {
        let names = [FileName.of(id)] + (FileName.isPlain(id) ? [id] : [])
        return names.lazy.compactMap { FilePath.Component($0 + suffix) }.filter { $0.kind == .regular }
            .map { folder.appending($0) }.first(where: exists)
    }

    /// Whether there is something at a path.
    package static func exists(_ path: FilePath) -> Bool { (try? path.stat()) != nil }
}

extension LabelledData {
    /// Gives posts that name no picture the one in a folder that belongs to them, by its name there.
    package mutating func addPictures(from folder: FilePath) throws(DataError) {
        guard DataFile.exists(folder) else {
            throw DataError(folder, "no such folder of pictures", kind: .input)
        }
        for index in posts.indices where posts[index].image == nil {
            posts[index].image = DataFile.picture(folder, id: posts[index].sourceID)
        }
    }
}
