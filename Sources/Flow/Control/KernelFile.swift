import SystemPackage

/// Files of `name: value` lines in which the kernel tells about itself and its processes.
enum KernelFile {
    /// The first value of a name, without white space around it.
    static func value(of name: String, in path: FilePath) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        var start = [UInt8](repeating: 0, count: 8192)
        let count = unsafe start.withUnsafeMutableBytes { try? unsafe file.read(into: $0) } ?? 0
        for line in String(decoding: start[..<count], as: UTF8.self).split(separator: "\n") {
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
