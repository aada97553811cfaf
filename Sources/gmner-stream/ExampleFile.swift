import Corpora
import Flow
import SystemPackage
import Text

/// Labelled posts that are shown to a delegate.
enum ExampleFile {
    /// The posts of a file in the format of answers, as many as are compared; `tell` gets what people should know.
    static func read(
        _ path: FilePath, tell: (String) -> Void
    ) throws(DelegateOpeningFailure) -> [ExamplePost] {
        let data: LabelledData
        do throws(DataError) {
            data = try NDJSONReader().read(path)
        } catch {
            throw DelegateOpeningFailure(message: "\(error)")
        }
        if let post = data.posts.first(where: { !$0.isTextKnown }) {
            throw DelegateOpeningFailure(message: "\(path):\(post.line): an example has a text")
        }
        guard !data.posts.isEmpty else { throw DelegateOpeningFailure(message: "\(path): no posts") }
        let most = ConsultationPlan.mostExamples
        if data.posts.count > most {
            tell("warning: \(path): \(data.posts.count) posts, of which the first \(most) are examples")
        }
        return data.posts.prefix(most).map(ExamplePost.init)
    }
}

extension ExamplePost {
    /// A post with what is sure about it.
    fileprivate init(_ post: LabelledPost) {
        let entities = post.entities.filter { !$0.isUnsure }.map { entity in
            Entity(text: post.text.slice(scalars: entity.scalars), type: entity.type, boxes: entity.boxes)
        }
        self.init(text: post.text, entities: entities, image: post.image, size: post.picture)
    }
}
