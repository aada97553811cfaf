package import Delegates

/// Who is asked about what was found, and about what of it: whatever the model is less sure of than a threshold allows
/// (UnCo, EMNLP 2025, section 3.3).
package struct ConsultationPlan: Sendable {
    /// Uncertainty above which somebody else is asked, 0…1 for each part of a mention; 1: never.
    package struct Thresholds: Sendable, Equatable {
        /// Of the words.
        package var span: Float
        /// Of the type.
        package var type: Float
        /// Of the box.
        package var region: Float

        /// Thresholds, each 0…1.
        package init(span: Float, type: Float, region: Float) {
            (self.span, self.type, self.region) = (span, type, region)
        }
    }

    /// What asks about one in five of each with the model that ships, of tweets as they are written.
    package static let defaultThresholds = Thresholds(span: 0.34, type: 0.5, region: 0.52)
    /// Questions about one post: more than nearly any has entities in doubt.
    package static let defaultPerPost = 8

    /// Who is asked.
    package var delegate: any Delegate
    /// What is asked about.
    package var thresholds: Thresholds
    /// The most questions about one post.
    package var perPost: Int
    /// What it is asked about what is in doubt.
    package var scheme = ConsultationScheme.correct
    /// Whether it is asked what is known of each post that brings nothing of its own, for models that read that (RiVEG, section
    /// 3.1).
    package var asksKnowledge = true
    /// Whether it is asked what each picture shows that has no alternative text (RiVEG, GEM).
    package var asksCaptions = false
    /// Whether it is asked for the pixels of what is in boxes, where answers have these.
    package var asksMasks = false
    /// Labelled posts of which those most like the one in question go with questions; at most ``mostExamples``.
    package var examples: [ExamplePost] = []

    /// As many as the largest data set of the field has to learn from: each is compared with each post that is asked about.
    package static let mostExamples = 7000

    /// A plan to ask somebody.
    package init(
        _ delegate: any Delegate, above thresholds: Thresholds = ConsultationPlan.defaultThresholds,
        perPost: Int = ConsultationPlan.defaultPerPost
    ) {
        (self.delegate, self.thresholds, self.perPost) = (delegate, thresholds, perPost)
    }
}
