package import SystemPackage
import Text
import Wire
import Geometry

/// The formats that labelled data can be written in.
package enum ExportFormat: String, Sendable, CaseIterable {
    /// Twitter-GMNER: `txt/data.txt` and `xml/ID.xml`, boxes as that data set has them.
    case gmner
    /// Twitter-FMNERG: the same with a third column.
    case fmnerg
    /// Twitter-SMNER: `txt/data.txt` and `masks/ID.json`.
    case smner
    /// Twitter-2015: one CoNLL file.
    case twitter2015
    /// Twitter-2017: one CoNLL file, `MISC` for `OTHER`.
    case twitter2017
    /// One CoNLL file of any types.
    case conll
    /// CCKS-2025 GMNER: one JSON file.
    case ccks
    /// Posts with triples, one JSON object a line, as the filter has them.
    case ndjson
    /// Posts without triples, one JSON object a line, as the filter reads them.
    case posts
    /// COCO: one JSON file with images, annotations and categories; boxes as x, y, width, height in pixels.
    case coco
    /// COCO results: one JSON array of detections, its numbers those of ``coco`` for the same posts and types.
    case cocoResults = "coco-results"
    /// Pascal VOC: `ID.xml`, the type as the name, whole pixels counted from 1.
    case voc
    /// brat: `ID.txt`, `ID.ann` and `annotation.conf`; offsets in code points; boxes as notes.
    case brat
    /// displaCy's manual mode: one JSON array.
    case displacy
    /// Label Studio: one JSON array of tasks; boxes in percent.
    case labelStudio = "label-studio"
    /// YOLO: `labels/PICTURE.txt`, `classes.txt` and `data.yaml`; boxes by their centre, as shares of the picture.
    case yolo

    /// Whether the format is a folder of files rather than one file.
    package var isFolder: Bool {
        switch self {
        case .gmner, .fmnerg, .smner, .voc, .brat, .yolo: true
        case .twitter2015, .twitter2017, .conll, .ccks, .ndjson, .posts, .coco, .cocoResults, .displacy, .labelStudio:
            false
        }
    }

    /// The files that hold the data in this format.
    package func files(
        for data: LabelledData, labelStudio project: LabelStudioProject = LabelStudioProject()
    ) throws(DataError) -> [ExportedFile] {
        switch self {
        case .gmner:
            try CoNLLWriter(inventory: .coarse).files(data, in: "txt") + VOCWriter.twitterGMNER.files(data, in: "xml")
        case .fmnerg:
            try CoNLLWriter(inventory: .fmnergCoarse, fineInventory: .fmnergFine).files(data, in: "txt")
                + VOCWriter.twitterGMNER.files(data, in: "xml")
        case .smner: try CoNLLWriter(inventory: .coarse).files(data, in: "txt") + MaskWriter.files(data, in: "masks")
        case .twitter2015: try CoNLLWriter(inventory: .coarse).files(data)
        case .twitter2017: try CoNLLWriter(inventory: .twitter2017).files(data)
        case .conll: try CoNLLWriter().files(data)
        case .ccks: [try CCKSWriter.file(data)]
        case .ndjson: [NDJSONWriter.file(data)]
        case .posts: [try PostsWriter.file(data)]
        case .coco: [try COCOWriter(data).annotations()]
        case .cocoResults: [try COCOWriter(data).results()]
        case .voc: VOCWriter.pascal.files(data)
        case .brat: try BratWriter.files(data)
        case .displacy: [try DisplaCyWriter.file(data)]
        case .labelStudio: [try LabelStudioWriter(project: project).file(data)]
        case .yolo: try YOLOWriter(data).files()
        }
    }
}

/// A file of an export.
package struct ExportedFile: Sendable, Equatable {
    /// Its path below the output, or `""` where it is the output.
    package var name: String
    /// What it holds.
    package var contents: [UInt8]

    package init(_ name: String = "", _ contents: [UInt8]) {
        self.name = name
        self.contents = contents
    }

    init(_ name: String = "", _ text: String) {
        self.init(name, Array(text.utf8))
    }
}

extension LabelledPost {
    /// The post's text, which most formats cannot do without.
    func knownText() throws(DataError) -> String {
        guard isTextKnown else {
            throw DataError(self, "its text is not known; answers have none, --texts can bring it")
        }
        return text
    }

    /// The size of the picture, which formats with relative boxes cannot do without.
    func knownPicture() throws(DataError) -> (width: Double, height: Double) {
        guard let picture else { throw DataError(self, "the size of its picture is not known") }
        return (Double(picture.width), Double(picture.height))
    }
}

extension LabelledData {
    /// The types of the data: those of its inventory, or of the first of the field's that has all of them, then others by name.
    ///
    /// So the types of answers have the order, and the numbers in an export, that those of their gold data have.
    package var typeNames: [String] {
        let used = Set(posts.lazy.flatMap(\.entities).map(\.type.exact))
        let inventories: [TypeInventory] = [.coarse, .twitter2017, .fmnergCoarse, .ccks, .fmnergFine]
        let known = (inventory ?? inventories.first { used.isSubset(of: $0.names.map(\.exact)) })?.names ?? []
        return known + used.subtracting(known.map(\.exact)).sorted().map(\.string)
    }

    /// Puts the posts of another source that are not here among these, without entities, in that source's order.
    package mutating func addEmpty(of texts: LabelledData) throws(DataError) {
        try requireToldApart()
        leavesOutEmpty = false
        let here = Dictionary(posts.map { ($0.id.exact, $0) }, uniquingKeysWith: { first, _ in first })
        let there = Set(texts.posts.map(\.id.exact))
        posts =
            texts.posts.map { source in
                if let post = here[source.id.exact] { return post }
                var post = source
                post.entities = []
                return post
            } + posts.filter { !there.contains($0.id.exact) }
    }

    /// Gives posts without a text the one that another source has for them, and its words, path of the picture,
    /// alternative text and knowledge.
    ///
    /// Entities have to be what the text has in their places.
    package mutating func addTexts(from texts: LabelledData, path: FilePath) throws(DataError) {
        let byID = Dictionary(texts.posts.map { ($0.id.exact, $0) }, uniquingKeysWith: { first, _ in first })
        if leavesOutEmpty { try addEmpty(of: texts) }
        for index in posts.indices {
            guard let source = byID[posts[index].id.exact] else { continue }
            posts[index].image = posts[index].image ?? source.image
            posts[index].alt = posts[index].alt ?? source.alt
            posts[index].knowledge = posts[index].knowledge ?? source.knowledge
            guard !posts[index].isTextKnown, source.isTextKnown else { continue }
            var post = source
            post.entities = posts[index].entities
            post.picture = posts[index].picture ?? source.picture
            let scalars = Array(post.text.unicodeScalars)
            for entity in post.entities.indices {
                let given = post.entities[entity].scalars
                let range = post.markup?.plain(given) ?? given
                let written = range.upperBound <= scalars.count ? scalars.text(range) : ""
                guard written == post.entities[entity].name || post.entities[entity].name.isEmpty && !written.isEmpty
                else {
                    throw DataError(
                        path, line: source.line, "post \(post.id) has no “\(post.entities[entity].name)” at \(given)")
                }
                post.entities[entity].name = written
                post.entities[entity].scalars = range
                post.entities[entity].words = post.words(touching: range)
            }
            posts[index] = post
        }
    }
}
