/// The BIO tags of an inventory, numbered: `O` is 0, then `B-` and `I-` of each type in turn.
package struct TagSet: Sendable, Equatable {
    /// The types that are tagged.
    package let inventory: TypeInventory
    /// The number of `O`.
    package static let outside = 0

    /// The tags of an inventory.
    package init(_ inventory: TypeInventory) {
        self.inventory = inventory
    }

    /// Number of tags: two a type, and `O`.
    package var count: Int { 2 * inventory.count + 1 }

    /// The tag that begins an entity of a type.
    package func begin(_ type: Int) -> Int { 2 * type + 1 }
    /// The tag that goes on with an entity of a type.
    package func inside(_ type: Int) -> Int { 2 * type + 2 }
    /// The type of a tag, or `nil` for `O`.
    package func type(of tag: Int) -> Int? { tag == Self.outside ? nil : (tag - 1) / 2 }
    /// Whether a tag is an `I-`.
    package func isInside(_ tag: Int) -> Bool { tag > 0 && tag % 2 == 0 }

    /// A tag as it is written.
    package func name(of tag: Int) -> String {
        guard let type = type(of: tag) else { return "O" }
        return (isInside(tag) ? "I-" : "B-") + inventory.names[type]
    }

    /// The number of a written tag, or `nil` where it is none of this set.
    package func index(of name: String) -> Int? {
        if name == "O" { return Self.outside }
        guard name.hasPrefix("B-") || name.hasPrefix("I-"), let type = inventory.index(of: String(name.dropFirst(2)))
        else { return nil }
        return name.hasPrefix("B-") ? begin(type) : inside(type)
    }

    // MARK: Legal sequences

    /// Which tag may follow which (`count × count`, row: before, column: after): an `I-` goes on with its own type only.
    package var allowedMoves: [Bool] {
        (0..<count).flatMap { before in
            (0..<count).map { after in
                !isInside(after) || type(of: before) == type(of: after)
            }
        }
    }

    /// Which tag may begin a text: no `I-`.
    package var allowedStarts: [Bool] { (0..<count).map { !isInside($0) } }

    /// Which tag may end a text: every one.
    package var allowedEnds: [Bool] { [Bool](repeating: true, count: count) }

    // MARK: Spans

    /// A run of words that is one entity.
    package struct Span: Sendable, Hashable {
        /// The words, end exclusive.
        package var words: Range<Int>
        /// Index of its type in the inventory.
        package var type: Int

        /// An entity over these words.
        package init(words: Range<Int>, type: Int) {
            self.words = words
            self.type = type
        }
    }

    /// What to make of an orphan: an `I-` that goes on with nothing, after `O`, another type, or the start.
    package enum OrphanRule: String, Sendable, CaseIterable {
        /// It is no entity.
        case strict
        /// It begins one, as conlleval and seqeval have it.
        case lenient
    }

    /// The entities of a tag sequence, in text order.
    package func spans(of tags: [Int], orphans: OrphanRule) -> [Span] {
        var spans: [Span] = []
        var open: Span?
        for (word, tag) in tags.enumerated() {
            if let span = open {
                if isInside(tag), span.type == type(of: tag) {
                    open = Span(words: span.words.lowerBound..<word + 1, type: span.type)
                    continue
                }
                spans.append(span)
                open = nil
            }
            if let type = type(of: tag), !isInside(tag) || orphans == .lenient {
                open = Span(words: word..<word + 1, type: type)
            }
        }
        if let span = open { spans.append(span) }
        return spans
    }

    /// The tag of each of `count` words. Where spans overlap, the first one keeps its words and later ones are left out.
    package func tags(of spans: [Span], count: Int) -> [Int] {
        var tags = [Int](repeating: Self.outside, count: count)
        for span in spans where span.words.lowerBound >= 0 && span.words.upperBound <= count {
            guard span.words.allSatisfy({ tags[$0] == Self.outside }) else { continue }
            for word in span.words {
                tags[word] = word == span.words.lowerBound ? begin(span.type) : inside(span.type)
            }
        }
        return tags
    }
}
