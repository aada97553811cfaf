import Files
package import SystemPackage
import Text

/// Makes the index of a knowledge base. The same entries in the same order give the same bytes.
package struct IndexBuilder {
    /// A key of an entry, before all are sorted.
    private struct Place {
        let hash: UInt64
        /// Where the key's bytes are in `texts`.
        let start: Int
        let count: Int
        let weight: Double
        var posting: Posting
    }

    private var places: [Place] = []
    private var texts: [UInt8] = []
    private var records: [UInt8] = []
    private var longest = 1
    /// How often descriptions have a word small, less how often with a capital.
    private var small: [[UInt8]: Int] = [:]
    /// How many entries there are.
    package private(set) var entries = 0
    /// How many of them have no name that anything could be found by.
    package private(set) var unnamed = 0

    /// Nothing yet.
    package init() {}

    /// How many names all of them have.
    package var names: Int { places.count }

    /// Adds an entry.
    package mutating func add(_ entry: KnowledgeEntry) {
        let record = UInt64(records.count)
        for text in [entry.id, entry.name, entry.type ?? "", entry.description ?? ""] {
            records.append(UInt32(text.utf8.count))
            records += text.utf8
        }
        entries += 1
        let before = places.count
        for (index, name) in ([entry.name] + entry.aliases).enumerated() {
            guard let key = NameKey(name) else { continue }
            let flags = record | (index > 0 ? Posting.alias : 0)
            let written = (key.isCapitals ? Posting.capitals : 0) | (key.isSmall ? Posting.common : 0)
            add(key.bytes, flags | written, entry.weight)
            if let joined = key.joined { add(joined, flags | Posting.joined, entry.weight) }
        }
        if places.count == before { unnamed += 1 }
        count(entry.description ?? "")
    }

    private mutating func add(_ key: [UInt8], _ bits: UInt64, _ weight: Double) {
        longest = max(longest, 1 + key.count { $0 == NameKey.space })
        places.append(
            Place(
                hash: KeyHash.of(key), start: texts.count, count: key.count, weight: weight,
                posting: Posting(bits: bits)))
        texts += key
    }

    /// Counts the words of a description but the first, which begins with a capital whatever it is.
    private mutating func count(_ description: String) {
        for word in WordSplitter.words(in: description).dropFirst() {
            let written = WordCase(word.text)
            guard written != .none else { continue }
            var folded: [UInt8] = []
            NameFolding.append(word.text, to: &folded)
            small[folded, default: 0] += written == .small ? 1 : -1
        }
    }

    /// The parts of the file, in order.
    ///
    /// - Throws: `KnowledgeEntryError` where there are more names than an index takes.
    package func contents() throws(KnowledgeEntryError) -> [[UInt8]] {
        guard places.count < Int(UInt32.max), records.count < 1 << 48 else {
            throw KnowledgeEntryError("more names than one knowledge base takes")
        }
        var layout = IndexLayout()
        (layout.longest, layout.recordBytes, layout.entries) = (longest, records.count, entries)
        // Two keys a bucket.
        layout.bits = max(0, Int.bitWidth - (places.count / 2).leadingZeroBitCount)
        var (keys, postings, keyTexts): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var firsts = [UInt32](repeating: 0, count: (1 << layout.bits) + 1)
        var last: Place?
        for index in sorted() {
            let place = places[index]
            if last.map({ !isSameKey($0, place) }) ?? true {
                keys.append(UInt32(truncatingIfNeeded: place.hash))
                keys.append(UInt32(layout.postings))
                keys.append(UInt64(keyTexts.count))
                keyTexts += texts[place.start..<place.start + place.count]
                layout.keys += 1
                firsts[bucket(place.hash, layout.bits) + 1] += 1
            }
            postings.append(place.posting.bits | (isCommon(place) ? Posting.common : 0))
            layout.postings += 1
            last = place
        }
        keys.append(UInt32(0))
        keys.append(UInt32(layout.postings))
        keys.append(UInt64(keyTexts.count))
        layout.textBytes = keyTexts.count
        var directory: [UInt8] = []
        var sum: UInt32 = 0
        for count in firsts {
            sum += count
            directory.append(sum)
        }
        return [layout.header, directory, keys, postings, keyTexts, records]
    }

    /// Writes the file, which takes its place whole or not at all.
    package func write(to path: FilePath) throws {
        let contents = try contents()
        let file = try AtomicFile(path)
        for part in contents { try file.write(part) }
        try file.commit()
    }

    private func bucket(_ hash: UInt64, _ bits: Int) -> Int { Int(hash >> (64 - UInt64(bits))) }

    /// Whether a word mostly means something else than a name: a function word, or one that descriptions write small.
    private func isCommon(_ place: Place) -> Bool {
        let key = texts[place.start..<place.start + place.count]
        guard !key.contains(NameKey.space) else { return false }
        return small[Array(key), default: 0] > 0 || FunctionWords.contains(key)
    }

    /// Places by key; of one key the best first: names before aliases, then
    /// what is no common word, then what is better known, then what came first.
    private func sorted() -> [Int] {
        places.indices.sorted { one, other in
            let (a, b) = (places[one], places[other])
            if a.hash != b.hash { return a.hash < b.hash }
            if !isSameKey(a, b) { return key(a).lexicographicallyPrecedes(key(b)) }
            if a.posting.grade != b.posting.grade { return a.posting.grade < b.posting.grade }
            if a.posting.has(Posting.common) != b.posting.has(Posting.common) { return b.posting.has(Posting.common) }
            if a.weight != b.weight { return a.weight > b.weight }
            return one < other
        }
    }

    private func key(_ place: Place) -> ArraySlice<UInt8> { texts[place.start..<place.start + place.count] }

    private func isSameKey(_ one: Place, _ other: Place) -> Bool {
        one.hash == other.hash && key(one) == key(other)
    }
}
