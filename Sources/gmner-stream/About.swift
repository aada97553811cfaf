import Flow
import Model
import Kernels

/// What the program says about itself.
enum About {
    /// Version of the package.
    static let version = "0.1.0"

    /// The text of `--version`.
    static var versions: String {
        """
        gmner-stream \(version)
        model format \(ModelConfiguration.currentFormat)
        \(BLAS.description)
        \(Processors.description)
        \(Sandbox.available)
        """
    }

    /// The text of `-h`: what is needed most.
    static let shortHelp = """
        Usage: gmner-stream [OPTION ...] [FILE ...]

        Reads posts, one JSON object a line, and writes their named entities with types and boxes.

          --model DIR           the model (or GMNER_MODEL; default: the one that ships)
          --knowledge-base FILE what is known of names, from gmner knowledge build; with --link,
                                triples say what they mean of it
          --image-root DIR      where relative paths of pictures begin, and what none may leave
          --text-key KEY        where a post has its text, as in data.text or /data/text (also
                                --image-key, --id-key, --alt-key, --knowledge-key,
                                --regions-key, --tokens-key)
          --emit FORM           posts: a line for each post; triples: a line for each triple
          --offsets UNIT        scalar, utf16 or utf8
          --html                texts are HTML, to be read without their markup
          --keep PARTS          return parts of a post as they were read: text,image
          --passthrough         return the other members of a post
          --on-error POLICY     emit, skip or fail
          --blank POLICY        skip blank lines, or answer each
          -e                    exit with 1 if any record had no answer
          --unordered           answer in the order in which answers are ready
          --delegate COMMAND    a program to ask about what the model is unsure of
          -j, --jobs COUNT      posts that are worked on at once
          --window COUNT        posts between input and output at any time
          --line-buffered       one write for each line
          --stats               counts, times and memory on standard error in the end

        --help tells more, and gmner-stream(1) all.
        """
}

extension AboutOptions {
    /// The text that was asked for, if one was.
    var text: String? {
        if shortHelp { return About.shortHelp }
        return version ? About.versions : nil
    }
}
