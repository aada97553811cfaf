import ArgumentParser
package import JSON
package import Wire

/// Where the objects of a feed have the parts of a post: the same options in every program that reads posts.
package struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where a post has its text: a JSON Pointer, or names with dots between. (default: /text)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var textKey = PostKeys().text

    @Option(
        help: ArgumentHelp("Where a post has its picture, or its pictures. (default: /image)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var imageKey = PostKeys().image

    @Option(
        help: ArgumentHelp("Where a post has its id. (default: /id)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var idKey = PostKeys().id

    @Option(
        help: ArgumentHelp("Where a post has the alternative text of its picture. (default: /alt)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var altKey = PostKeys().alt

    @Option(
        help: ArgumentHelp("Where a post has what is known about it. (default: /knowledge)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var knowledgeKey = PostKeys().knowledge

    @Option(
        help: ArgumentHelp("Where a post has its words. (default: /tokens)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var tokensKey = PostKeys().tokens

    /// The default keys.
    package init() {}

    /// The keys.
    package var keys: PostKeys {
        PostKeys(
            text: textKey, image: imageKey, id: idKey, alt: altKey, knowledge: knowledgeKey, tokens: tokensKey)
    }
}
