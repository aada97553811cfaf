import JSON
import Text

/// Writes the posts alone, one JSON object a line, as the filter reads them: nothing of their entities.
///
/// Words are written where the filter would split the text otherwise, so that its answers cover whole words of these.
enum PostsWriter {
    static func file(_ data: LabelledData) throws(DataError) -> ExportedFile {
        var bytes: [UInt8] = []
        for post in data.posts {
            try line(post).write(into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return ExportedFile("", bytes)
    }

    private static func line(_ post: LabelledPost) throws(DataError) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .string(post.id)), .init("text", .string(try post.knownText())),
        ]
        let split = WordSplitter.words(in: post.text).map(\.scalars)
        if split != post.wordScalars, post.hasNothingButSpaceBetweenWords {
            members.append(.init("tokens", .array(post.words.map(JSONValue.string))))
        }
        if let image = post.image { members.append(.init("image", .string(image))) }
        if let alt = post.alt { members.append(.init("alt", .string(alt))) }
        if let knowledge = post.knowledge { members.append(.init("knowledge", .string(knowledge))) }
        return .object(members)
    }
}
