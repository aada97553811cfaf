package import Wire

extension LabelledPost {
    /// The post as a record of a stream, for a model to answer: its text in its own words, and what is said beside it.
    /// Nothing of its entities.
    ///
    /// - Parameters:
    ///   - line: number of the record in its stream, from 1.
    ///   - image: path of the picture; `nil` for none.
    package func record(line: Int, image: String? = nil) -> Post {
        var post = Post(
            line: line, id: RawJSON(string: id), text: text, tokens: wordScalars, image: image, alt: alt,
            knowledge: knowledge)
        if image != nil { post.images[0].regions = regions }
        return post
    }
}
