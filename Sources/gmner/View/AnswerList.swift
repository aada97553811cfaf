import Pages
import Text
import Wire

/// A file of answers, read from front to back.
struct AnswerFile {
    /// Its path; `-` is standard input.
    let path: String
    /// Reads the posts that answers give back.
    let parser: PostParser

    /// Hands over each answer; lines of one triple each that belong together are one answer.
    func forEach(_ body: (ViewedAnswer) throws -> Void) throws {
        var open: ViewedAnswer?
        try LineFile(path: path).forEach { number, bytes in
            let answer = try ViewedAnswer(bytes, number: number, of: path, parser: parser)
            if open?.goesOn(with: answer) == true {
                open?.add(answer)
                return
            }
            if let whole = open { try body(whole) }
            open = answer
        }
        if let open { try body(open) }
    }
}

/// All answers of a file, and which of them belongs to which post.
struct AnswerList {
    private var answers: [ViewedAnswer] = []
    /// Places of answers by what they name, the first one last; some may be taken.
    private var byID: [ExactString: [Int]] = [:]
    private var byLine: [Int: [Int]] = [:]
    private var isTaken: [Bool] = []

    /// The answers of a file.
    init(of file: AnswerFile) throws {
        try file.forEach { answers.append($0) }
        for (index, answer) in answers.enumerated().reversed() {
            if let id = answer.id { byID[id.exact, default: []].append(index) }
            byLine[answer.line, default: []].append(index)
        }
        isTaken = [Bool](repeating: false, count: answers.count)
    }

    /// The answer to a post, which no other post gets then: the one with the post's id, of several the one that names its line
    /// too; where one of the two has no id, the one that names its line.
    mutating func take(id: String?, line: Int) -> ViewedAnswer? {
        let here = byLine[line, default: []].reversed().filter { !isTaken[$0] }
        var found: Int?
        if let id {
            let same = here.first { answers[$0].id?.exact == id.exact }
            found = same ?? next(of: id.exact) ?? here.first { answers[$0].id == nil }
        } else {
            found = here.first
        }
        guard let found else { return nil }
        isTaken[found] = true
        return answers[found]
    }

    /// The first answer with an id that is not taken. Those that are go, so that a feed of one id takes no longer than others.
    private mutating func next(of id: ExactString) -> Int? {
        while let index = byID[id]?.last {
            guard isTaken[index] else { return index }
            byID[id]?.removeLast()
        }
        return nil
    }

    /// Whether posts without entities may have no line: there is one for each triple.
    var leavesOutEmpty: Bool { answers.contains(where: \.isOpen) }

    /// Answers that no post has got.
    var left: Int { isTaken.count { !$0 } }
}
