package import KnowledgeBase
package import SystemPackage
package import Model
package import Wire

/// Everything that decides how a stream is worked on: options after they have been checked and resolved.
package struct Plan: Sendable {
    /// What happens to a record that has no answer.
    package enum OnError: String, Sendable, CaseIterable {
        /// It is answered with an `error` in its place.
        case emit
        /// It is counted and left out.
        case skip
        /// The stream stops there.
        case fail
    }

    /// What happens to a line with nothing in it.
    package enum Blank: String, Sendable, CaseIterable {
        /// It counts as a line, and has no answer.
        case skip
        /// It is answered as a post without entities.
        case answer
    }

    /// More lanes than that would find no threads to run on.
    package static let mostJobs = 128

    /// Pieces of a text that are read unless the caller says otherwise: more than a page.
    package static let defaultMaxTextPieces = 1024

    /// Posts that are worked on at once.
    package var jobs: Int
    /// Posts that may be alive between parse and output.
    package var window: Int
    /// The most texts, or pictures, that are encoded together.
    ///
    /// More than one costs less time (a sixth for texts, next to nothing for pictures), but the last digits of an
    /// answer then depend on what else was waiting: matrix products round differently at other heights.
    package var batch = 1
    /// Whether answers keep the order of the input.
    package var ordered = true
    /// One write a line, instead of one write for all that is due.
    package var lineBuffered = false
    /// What happens to a record that has no answer.
    package var onError = OnError.emit
    /// What happens to a line with nothing in it.
    package var blank = Blank.skip
    /// Whether triples say where their evidence came from.
    package var explain = false
    /// What tells how unsure the model is of each part of a triple; `nil`: triples do not say.
    package var uncertainty: UncertaintyKind?
    /// In what form triples have the pixels of what they show; `nil`: not at all.
    package var masks: MaskForm? { writer.masks }
    /// What is known of the names in posts that bring no knowledge of their own, and what mentions are linked to.
    package var knowledge: KnowledgeBase?
    /// The longest work on one post; then what has been found is its answer.
    package var timeout = Duration.seconds(10)
    /// The most pieces of a post's text that are read.
    package var maxTextPieces = Plan.defaultMaxTextPieces
    /// The most bytes of a line.
    package var maxLineBytes = LineFramer.defaultMaxLineBytes
    /// What the process has given up, for the statistics; see ``Sandbox``.
    package var sandbox: [String] = []
    /// Where records without an answer are put aside, byte for byte, with the reason; see the manual page.
    package var deadLetters: FileDescriptor?
    /// Who is asked about what the model is unsure of; `nil`: nobody.
    package var consultation: ConsultationPlan?
    /// Remembers how far the stream has come, and says where it begins.
    package var checkpoint: StreamCheckpoint?
    /// Reads records.
    package var parser: PostParser
    /// Writes answers.
    package var writer: AnswerWriter

    /// A plan with a window of four posts a job unless the caller says otherwise.
    package init(
        jobs: Int, window: Int? = nil, parser: PostParser = PostParser(), writer: AnswerWriter = AnswerWriter()
    ) {
        self.jobs = jobs
        self.window = window ?? 4 * jobs
        self.parser = parser
        self.writer = writer
    }

    /// What of mentions has to be worked out.
    var details: MentionDetails {
        explain ? [.attention, .mask, .weighed] : []
    }
}

/// Where a stream comes from.
package enum Input: Sendable, Equatable, CustomStringConvertible {
    case standardInput
    case file(FilePath)
    /// A descriptor that is open already.
    case descriptor(FileDescriptor)

    /// How messages name it.
    package var description: String {
        switch self {
        case .standardInput: "standard input"
        case .file(let path): path.string
        case .descriptor(let descriptor): "descriptor \(descriptor.rawValue)"
        }
    }
}

/// How a stream ended.
package enum Ending: Sendable, Equatable {
    /// Every line has been answered.
    case endOfInput
    /// `--on-error fail` met a record without an answer.
    case recordFailed(line: Int, RecordError)
    /// An input could not be opened or read. What was read before has been answered.
    case inputFailed(String)
    /// Whoever read the output has gone.
    case outputClosed
    /// The system refused a write.
    case outputFailed(Errno)
    /// How far the stream has come could not be remembered.
    case checkpointFailed(String)
    /// The system refused to put a record without an answer aside.
    case deadLettersFailed(Errno)
    /// Someone asked for an end. What was alive has been answered.
    case stopped(signal: Int32)
}
