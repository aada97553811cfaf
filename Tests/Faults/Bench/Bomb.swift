import SystemPackage

/// A post that is short for what it costs, or looks as if it did.
struct Bomb: Sendable {
    /// What it is, in the table.
    let name: String
    /// Options of the filter that belong to it.
    var arguments: [String] = []
    /// Whether it is more than one text and one picture, and may cost as much as a post may.
    var isLarge = false
    /// Makes its line, without the newline; a picture that belongs to it is to be put into the folder.
    let line: @Sendable (_ pictures: FilePath) throws -> [UInt8]

    init(
        _ name: String, _ arguments: [String] = [], isLarge: Bool = false,
        line: @escaping @Sendable (FilePath) throws -> [UInt8]
    ) {
        (self.name, self.arguments, self.isLarge, self.line) = (name, arguments, isLarge, line)
    }

    /// A post with this text.
    init(text name: String, _ make: @escaping @Sendable () -> String) {
        self.init(name) { _ in Array(#"{"text":""#.utf8) + Array(make().utf8) + Array(#""}"#.utf8) }
    }

    /// A line as it is.
    init(json name: String, _ arguments: [String] = [], _ make: @escaping @Sendable () -> String) {
        self.init(name, arguments) { _ in Array(make().utf8) }
    }

    /// A post with this picture, of which something can be seen.
    init(picture name: String, _ make: @escaping @Sendable () -> [UInt8]) {
        self.init(name) { folder in
            let file = name.filter { $0.isLetter || $0.isNumber }
            try Bytes.write(make(), to: folder.appending(file))
            return Array(#"{"text":"Mark met Anna in Chicago","image":"\#(file)"}"#.utf8)
        }
    }
}

extension String {
    /// It again and again, so many bytes of it.
    func times(upTo bytes: Int) -> String { String(repeating: self, count: bytes / utf8.count) }
}
