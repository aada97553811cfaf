import ArgumentParser
package import JSON
package import Wire

/// What a feed's posts look like: the same options in every program that reads posts.
package struct FeedOptions: ParsableArguments {
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
        help: ArgumentHelp("Where a post has what was found in its picture. (default: /regions)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var regionsKey = PostKeys().regions

    @Option(
        help: ArgumentHelp("Where a post has its words. (default: /tokens)", valueName: "key"),
        transform: { try JSONPointer(path: $0) })
    package var tokensKey = PostKeys().tokens

    @Flag(help: "Texts are HTML: read them without their markup. Offsets are those of the text as given.")
    package var html = false

    /// The filter's own form.
    package init() {}

    /// Where posts have their parts.
    package var keys: PostKeys {
        PostKeys(
            text: textKey, image: imageKey, id: idKey, alt: altKey, knowledge: knowledgeKey,
            regions: regionsKey, tokens: tokensKey)
    }
}
