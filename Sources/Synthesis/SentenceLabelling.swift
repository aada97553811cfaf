package import Corpora
import Text

/// Labels sentences by names that they are said to have: each place where one stands in whole words, longer names first, so that
/// none is found inside another (ReFineG, section 3.1).
package enum SentenceLabelling {
    /// A sentence with its entities; `nil` where a name does not stand in it, as then nobody knows what else is wrong.
    package static func label(
        _ text: String, _ names: [(name: String, type: String)], id: String
    ) -> LabelledPost? {
        let words = WordSplitter.words(in: text).map(\.text)
        guard !words.isEmpty else { return nil }
        var taken = [Bool](repeating: false, count: words.count)
        var entities: [(words: Range<Int>, type: String)] = []
        let split = names.map { (words: WordSplitter.words(in: $0.name).map(\.text), type: $0.type) }
        for (name, type) in split.sorted(by: { $0.words.count > $1.words.count }) {
            guard !name.isEmpty, name.count <= words.count else { return nil }
            var isFound = false
            for start in 0...words.count - name.count where words[start..<start + name.count].elementsEqual(name) {
                isFound = true
                guard !taken[start..<start + name.count].contains(true) else { continue }
                for place in start..<start + name.count { taken[place] = true }
                entities.append((start..<start + name.count, type))
            }
            guard isFound else { return nil }
        }
        return LabelledPost(
            id: id, words: words, entities: entities.sorted { $0.words.lowerBound < $1.words.lowerBound })
    }
}
