/// When a model looks at a post's picture; the order of work follows from it.
///
/// Work that cannot change the answer is not done, and a picture costs more than all the rest of a post.
package enum Looks: Sendable, Equatable, CaseIterable {
    /// Never: no picture is opened.
    case never
    /// After tagging, which reads text alone: a picture is opened only if something was found that it could show.
    case afterTagging
    /// Before tagging, which takes the picture as part of the post (``PostText/picture``).
    case beforeTagging
}
