import SystemPackage

/// A program to be run, and what it will see.
struct Command: Sendable {
    /// Where input comes from.
    enum Source: Sendable {
        case file(FilePath)
        /// A pipe that the bench writes into.
        case pipe
    }

    /// Where output goes to.
    enum Sink: Sendable {
        /// A file, made anew.
        case file(FilePath)
        /// A file, behind what is in it.
        case append(FilePath)
        /// What is there already.
        case device(FilePath)
        /// A pipe that the bench reads from, and how many bytes it holds: 4096 fill up soon.
        case pipe(room: Int32 = 65_536)
    }

    var program = "gmner-stream"
    var arguments: [String] = []
    /// What a shell does before it becomes the program: `ulimit -v 100000`, `trap '' PIPE`.
    var setup = ""
    /// What the shell puts before the program: `setpriv --reuid=54321`.
    var prefix = ""
    var environment: [String: String] = [:]
    var input = Source.file("/dev/null")
    var output = Sink.device("/dev/null")
    /// Whether standard error is a pipe that is full and that nobody reads.
    var errorsAreStuck = false
}
