package import SystemPackage
package import Text

/// Reads the CoNLL files of Twitter-GMNER, Twitter-FMNERG and Twitter-2015/2017, and predictions in that form.
///
/// A post is a line `IMGID:<id>`, then one line a word: the word, a tab, its BIO tag and, with fine types, a tab and its
/// fine tag. A blank line, be there white space in it, or the next `IMGID:`, ends it. Where no post has an `IMGID:`, posts
/// go by their number.
///
/// Columns of other data sets are read too: with spaces between where there is no tab, and the tag in the last of them, as
/// CoNLL-2003 has it behind two that are passed over; its `-DOCSTART-` lines belong to no post.
package struct CoNLLReader: Sendable {
    /// The types of the second column; `nil` takes them as they come.
    package var inventory: TypeInventory?
    /// The types of the third column; `nil` takes them as they come.
    package var fineInventory: TypeInventory?
    /// What to make of an `I-` that goes on with nothing. Published counts come from `lenient`.
    package var orphans: TagSet.OrphanRule

    /// A reader of files with these types.
    package init(
        inventory: TypeInventory? = nil, fineInventory: TypeInventory? = nil, orphans: TagSet.OrphanRule = .lenient
    ) {
        self.inventory = inventory
        self.fineInventory = fineInventory
        self.orphans = orphans
    }

    /// The posts of a file, without any boxes.
    package func read(_ path: FilePath) throws(DataError) -> LabelledData {
        try read(DataFile.read(path), of: path)
    }

    /// The posts of a file's contents; `path` is where messages say that they come from.
    func read(_ contents: [UInt8], of path: FilePath) throws(DataError) -> LabelledData {
        var parser = CoNLLParser(reader: self, path: path)
        for line in try DataFile.lines(of: contents, path) { try parser.take(line) }
        return try parser.finish()
    }
}

/// A BIO tag: its prefix and the type after it.
private struct Tag: Equatable {
    /// `O`, `B` or `I`.
    var prefix: Character
    var type: String
}

/// Where a file's columns have what, by its first line with a word.
struct Columns {
    let count: Int
    /// The column of the tag, and of the fine one.
    let tag: Int
    let fine: Int?
    /// Whether there are tabs between them, or spaces.
    let hasTabs: Bool

    /// The columns of a line.
    init(_ line: String) {
        hasTabs = Self.hasTabs(line)
        let fields = Self.fields(of: line)
        count = fields.count
        let hasFine = count == 3 && Self.isTag(fields[1])
        tag = hasFine ? 1 : count - 1
        fine = hasFine ? 2 : nil
    }

    /// A line's fields, with tabs between, or where there is none, spaces.
    static func fields(of line: String) -> [Substring] { fields(of: line, hasTabs: hasTabs(line)) }

    /// The fields of another line of the same file.
    func fields(of line: String) -> [Substring] { Self.fields(of: line, hasTabs: hasTabs) }

    private static func fields(of line: String, hasTabs: Bool) -> [Substring] {
        hasTabs ? line.split(separator: "\t", omittingEmptySubsequences: false) : line.split(separator: " ")
    }

    private static func hasTabs(_ line: String) -> Bool { line.utf8.contains(UInt8(ascii: "\t")) }

    private static func isTag(_ field: Substring) -> Bool {
        field == "O" || field.hasPrefix("B-") || field.hasPrefix("I-")
    }
}

private struct CoNLLParser {
    let reader: CoNLLReader
    let path: FilePath

    private var posts: [LabelledPost] = []
    private var number = 0
    private var columns: Columns?
    private var orphanCount = 0
    private var firstOrphan: Int?
    /// Whether posts have an `IMGID:`; known from the first one on.
    private var hasIDs: Bool?

    /// The post in the making: its id, where it began, its words and tags.
    private var id: String?
    private var isOpen = false
    private var start = 0
    private var words: [String] = []
    private var tags: [Tag] = []
    private var fineTags: [Tag] = []

    init(reader: CoNLLReader, path: FilePath) {
        self.reader = reader
        self.path = path
    }

    mutating func take(_ line: String) throws(DataError) {
        number += 1
        if line.allSatisfy(\.isWhitespace) { return try close() }
        let fields = columns?.fields(of: line) ?? Columns.fields(of: line)
        if fields.count == 1, line.hasPrefix("IMGID:") {
            try close()
            try open(id: String(line.dropFirst(6)))
            return
        }
        if fields[0] == "-DOCSTART-" { return try close() }
        if !isOpen { try open(id: nil) }
        guard fields.count > 1 else {
            throw error(columns?.hasTabs == true ? "no tab between word and tag" : "no tag behind the word")
        }
        let columns = columns ?? Columns(line)
        self.columns = columns
        guard columns.count == fields.count else {
            throw error("\(fields.count) columns, but \(columns.count) before")
        }
        guard !fields[0].isEmpty else { throw error("an empty word") }
        words.append(String(fields[0]))
        tags.append(try tag(fields[columns.tag], reader.inventory))
        guard let place = columns.fine else { return }
        let fine = try tag(fields[place], reader.fineInventory)
        guard fine.prefix == tags[tags.count - 1].prefix else {
            throw error("the coarse tag is \(fields[columns.tag]), but the fine one is \(fields[place])")
        }
        fineTags.append(fine)
    }

    mutating func finish() throws(DataError) -> LabelledData {
        try close()
        var data = LabelledData(posts: posts, inventory: reader.inventory)
        data.numberRepeatedIDs(of: path)
        if orphanCount > 0 {
            let rule = reader.orphans == .strict ? "are left out" : "begin entities"
            data.notes.append(
                DataNote(path, line: firstOrphan, "I- tags that go on with nothing: \(orphanCount); they \(rule)"))
        }
        return data
    }

    // MARK: Posts

    private mutating func open(id: String?) throws(DataError) {
        guard hasIDs == nil || hasIDs == (id != nil) else {
            throw error(id == nil ? "a post without IMGID: line" : "an IMGID: line, but posts before had none")
        }
        hasIDs = id != nil
        if let id {
            guard !id.isEmpty, !id.contains(where: \.isWhitespace) else { throw error("“\(id)” is no id") }
        }
        self.id = id ?? String(posts.count + 1)
        isOpen = true
        start = number
    }

    private mutating func close() throws(DataError) {
        guard isOpen, let id else { return }
        var post = LabelledPost(id: id, words: words, line: start)
        if hasIDs == false { post.givenID = nil }
        for range in spans() {
            var entity = post.entity(words: range, type: tags[range.lowerBound].type)
            if !fineTags.isEmpty { entity.fineType = fineTags[range.lowerBound].type }
            post.entities.append(entity)
        }
        posts.append(post)
        words.removeAll()
        tags.removeAll()
        fineTags.removeAll()
        isOpen = false
    }

    /// The words of each entity; orphans by the reader's rule, as in ``TagSet/spans(of:orphans:)``.
    private mutating func spans() -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var open: (start: Int, type: String)?
        for (word, tag) in tags.enumerated() {
            if tag.prefix == "I", open?.type.exact == tag.type.exact { continue }
            if let (start, _) = open { spans.append(start..<word) }
            open = nil
            if tag.prefix == "I" {
                orphanCount += 1
                firstOrphan = firstOrphan ?? start + word + (hasIDs == true ? 1 : 0)
                if reader.orphans == .strict { continue }
            }
            if tag.prefix != "O" { open = (word, tag.type) }
        }
        if let (start, _) = open { spans.append(start..<tags.count) }
        return spans
    }

    // MARK: Tags

    private func tag(_ text: Substring, _ inventory: TypeInventory?) throws(DataError) -> Tag {
        if text == "O" { return Tag(prefix: "O", type: "") }
        let type = text.dropFirst(2)
        guard text.hasPrefix("B-") || text.hasPrefix("I-"), !type.isEmpty else {
            throw error("“\(text)” is no BIO tag")
        }
        guard let inventory else { return Tag(prefix: text.first ?? "B", type: String(type)) }
        guard let index = inventory.index(of: String(type)) else {
            throw error("unknown type \(type); known: \(inventory.names.joined(separator: " "))")
        }
        return Tag(prefix: text.first ?? "B", type: inventory.names[index])
    }

    private func error(_ message: String) -> DataError { DataError(path, line: number, message) }
}
