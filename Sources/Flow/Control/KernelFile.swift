import Files
import SystemPackage

/// Files of `name: value` lines in which the kernel tells about itself and its processes.
enum KernelFile {
    /// The first value of a name, without white space around it.
    static func value(of name: String, in path: FilePath) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        let start = (try? WholeFile.contents(of: file, upTo: 8192)) ?? []
        for line in String(decoding: start, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == name else { continue }
            return String(trimmed(parts[1]))
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
