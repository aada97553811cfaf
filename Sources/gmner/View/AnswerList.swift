import Pages
import Text
import Wire

/// All answers of a file, and which of them belongs to which post.
struct AnswerList {
    /// The answers, in the file's order.
    private(set) var answers: [ViewedAnswer] = []
    private var byID: [ExactString: [Int]] = [:]
    private var byLine: [Int: [Int]] = [:]
    private var isTaken: [Bool] = []

    /// Answers of a file; `-` is standard input.
    init(of path: String, parser: PostParser) throws {
        try LineFile(path: path).forEach { number, bytes in
            let answer = try ViewedAnswer(bytes, number: number, of: path, parser: parser)
            if let last = answers.last, last.goesOn(with: answer) {
                answers[answers.count - 1].add(answer)
            } else {
                answers.append(answer)
            }
        }
        for (index, answer) in answers.enumerated() {
            if let id = answer.id { byID[id.exact, default: []].append(index) }
            byLine[answer.line, default: []].append(index)
        }
        isTaken = [Bool](repeating: false, count: answers.count)
    }

    /// The answer to a post, which no other post gets then: the one with the post's id, of several the one that names its line
    /// too; where one of the two has no id, the one that names its line.
    mutating func take(id: String?, line: Int) -> ViewedAnswer? {
        let here = byLine[line, default: []].filter { !isTaken[$0] }
        var found: Int?
        if let id {
            let same = here.first { answers[$0].id?.exact == id.exact }
            found = same ?? byID[id.exact, default: []].first { !isTaken[$0] } ?? here.first { answers[$0].id == nil }
        } else {
            found = here.first
        }
        guard let found else { return nil }
        isTaken[found] = true
        return answers[found]
    }

    /// Whether posts without entities may have no line: there is one for each triple.
    var leavesOutEmpty: Bool { answers.contains(where: \.isOpen) }

    /// Answers that no post has got.
    var left: Int { isTaken.count { !$0 } }

    /// Answers that do not bring their text, errors not counted: a line that is no post has none.
    var withoutText: Int { answers.count { $0.post == nil && !$0.remarks.contains { $0.kind == .error } } }
}
