/// A text with entities marked in it, each behind its words followed by its type.
///
/// Entities may lie in each other, and across each other; then the one that began first ends at the other's end and goes on
/// behind it.
struct MarkedText {
    /// A part of the text that is marked.
    struct Mark {
        /// Unicode scalars of the text; not empty.
        let scalars: Range<Int>
        /// Attributes of the element, and what stands behind the words.
        let attributes: HTML
        let label: HTML

        /// What begins first comes first; of what begins together, what is longer.
        fileprivate var order: (Int, Int) { (scalars.lowerBound, -scalars.upperBound) }
    }

    /// Scalars that are shown of a text.
    static let longest = 20_000
    /// Marks that are shown in it: each may reach over all others.
    static let most = 400

    private let scalars: [Unicode.Scalar]
    private let marks: [Mark]
    private var markup: [HTML] = []
    /// Marks that have begun, outermost first.
    private var open: [Int] = []

    init(_ text: String, _ marks: [Mark]) {
        scalars = Array(text.unicodeScalars)
        let end = min(scalars.count, Self.longest)
        self.marks = Array(
            marks.filter { !$0.scalars.isEmpty && $0.scalars.lowerBound >= 0 && $0.scalars.upperBound <= end }
                .sorted { $0.order < $1.order }.prefix(Self.most))
    }

    /// The text as a piece of a page.
    var html: HTML {
        var writer = self
        writer.write()
        return HTML(writer.markup)
    }

    private mutating func write() {
        let end = min(scalars.count, Self.longest)
        var (place, next) = (0, 0)
        for bound in Set(marks.flatMap { [$0.scalars.lowerBound, $0.scalars.upperBound] }).sorted() {
            write(place..<bound)
            place = bound
            close(at: bound)
            while next < marks.count, marks[next].scalars.lowerBound == bound {
                begin(next)
                next += 1
            }
        }
        write(place..<end)
        if end < scalars.count { markup.append("<i>… and \(scalars.count - end) characters more</i>") }
    }

    private mutating func write(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        markup.append(HTML(text: String(String.UnicodeScalarView(scalars[range]))))
    }

    private mutating func begin(_ mark: Int) {
        markup.append("<mark \(marks[mark].attributes)>")
        open.append(mark)
    }

    /// Ends the marks that end here. What began in them and goes on is interrupted.
    private mutating func close(at bound: Int) {
        guard let outermost = open.firstIndex(where: { marks[$0].scalars.upperBound == bound }) else { return }
        let closed = open[outermost...]
        open.removeSubrange(outermost...)
        for mark in closed.reversed() {
            let ends = marks[mark].scalars.upperBound == bound
            markup.append(ends ? "\(marks[mark].label)</mark>" : "</mark>")
        }
        for mark in closed where marks[mark].scalars.upperBound != bound { begin(mark) }
    }
}
