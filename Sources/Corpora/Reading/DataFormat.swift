package import SystemPackage
package import Text
package import Wire

/// The data formats of the field that can be read.
package enum DataFormat: String, Sendable, CaseIterable {
    /// Twitter-GMNER: CoNLL with `IMGID:` lines, and VOC files beside it.
    case gmner
    /// Twitter-FMNERG: the same with a third column.
    case fmnerg
    /// Twitter-2015: CoNLL, no boxes.
    case twitter2015
    /// Twitter-2017: CoNLL, no boxes, `MISC` for `OTHER`.
    case twitter2017
    /// Twitter-SMNER: CoNLL, and files of masks beside it.
    case smner
    /// CCKS-2025 GMNER: JSON by picture.
    case ccks
    /// Posts with triples, in the filter's own format.
    case ndjson
    /// CoNLL of any types, no boxes.
    case conll

    /// The types that the format's data set has, spelled as it does; `nil` where any may occur.
    package var inventory: TypeInventory? {
        switch self {
        case .gmner, .twitter2015, .smner: .coarse
        case .twitter2017: .twitter2017
        case .fmnerg: .fmnergCoarse
        case .ccks: .ccks
        case .ndjson, .conll: nil
        }
    }

    /// The format of a file, by its name and, for CoNLL, by its number of columns.
    static func guess(_ path: FilePath, _ contents: [UInt8]) throws(DataError) -> DataFormat {
        switch path.extension {
        case "ndjson", "jsonl": return .ndjson
        case "json": return .ccks
        default: break
        }
        let lines = try DataFile.lines(of: contents, path).filter { !$0.allSatisfy(\.isWhitespace) }
        let words = lines.lazy.filter { !$0.hasPrefix("IMGID:") && !$0.hasPrefix("-DOCSTART-") }
        guard let first = words.first else { return path == "-" ? .ndjson : .gmner }
        if first.drop(while: \.isWhitespace).hasPrefix("{") { return .ndjson }
        let columns = Columns(first)
        if columns.fine != nil { return .fmnerg }
        let types = Set(words.compactMap { columns.fields(of: $0).last?.dropFirst(2) }.map { ExactString(String($0)) })
        if types.contains("MISC".exact) { return .twitter2017 }
        return types.isSubset(of: ["", "PER", "LOC", "ORG", "OTHER"].map(\.exact)) ? .gmner : .conll
    }
}

/// Where labelled data is, and by which rules it is read.
package struct DataSource: Sendable {
    /// The file with texts and entities.
    package var path: FilePath
    /// Whether a command line named it, and the one with texts: then `-` is standard input, and pipes are read too.
    package var mayBeStream = false
    /// Its format; `nil` guesses.
    package var format: DataFormat?
    /// The folder of VOC files.
    package var boxes: FilePath?
    /// Without ``boxes``, whether to take the folder `xml` beside the file's own, as Twitter-GMNER has it, if there is one. Not for
    /// predictions: beside those lie the boxes of gold.
    package var findsBoxes = true
    /// The folder of masks.
    package var masks: FilePath?
    /// A file of posts (`{"id","text"}` a line) with the texts of entities that come without.
    package var texts: FilePath?
    /// The types that may occur, in place of the format's own.
    package var inventory: TypeInventory?
    /// What to make of an `I-` that goes on with nothing.
    package var orphans = TagSet.OrphanRule.lenient
    /// What offsets in NDJSON count.
    package var offsets = OffsetUnit.scalar
    /// Where posts in NDJSON have their parts.
    package var keys = PostKeys()
    /// Whether texts in NDJSON are HTML; see ``Text/Markup``.
    package var html = false

    /// Data in a file.
    package init(_ path: FilePath, format: DataFormat? = nil) {
        self.path = path
        self.format = format
    }

    /// Reads the data.
    package func read() throws(DataError) -> LabelledData {
        // Once: what comes out of a pipe does not come again.
        let contents = try DataFile.read(path, mayBeStream: mayBeStream)
        let format = if let format { format } else { try DataFormat.guess(path, contents) }
        var data = try read(contents, as: format, inventory ?? format.inventory)
        let found = findsBoxes && (format == .gmner || format == .fmnerg) ? neighbour("xml") : nil
        if let folder = boxes ?? found { try data.addBoxes(from: folder) }
        if let masks { try data.addMasks(from: masks) }
        return data
    }

    private func read(
        _ contents: [UInt8], as format: DataFormat, _ inventory: TypeInventory?
    ) throws(DataError) -> LabelledData {
        switch format {
        case .ccks:
            return try CCKSReader(inventory: inventory, texts: try textsByID()).read(contents, of: path)
        case .ndjson:
            return try NDJSONReader(inventory: inventory, offsets: offsets, keys: keys, html: html).read(
                contents, of: path)
        case .gmner, .fmnerg, .twitter2015, .twitter2017, .smner, .conll:
            let fine: TypeInventory? = format == .fmnerg ? .fmnergFine : nil
            return try CoNLLReader(inventory: inventory, fineInventory: fine, orphans: orphans).read(contents, of: path)
        }
    }

    /// A folder beside the one that the file is in.
    private func neighbour(_ name: FilePath.Component) -> FilePath? {
        guard path != "-" else { return nil }
        let folder = path.removingLastComponent().appending("..").appending(name)
        return DataFile.exists(folder) ? folder : nil
    }

    private func textsByID() throws(DataError) -> [ExactString: String] {
        guard let texts else { return [:] }
        let posts = try NDJSONReader().read(DataFile.read(texts, mayBeStream: mayBeStream), of: texts).posts
        return Dictionary(posts.map { ($0.id.exact, $0.text) }, uniquingKeysWith: { _, last in last })
    }
}
