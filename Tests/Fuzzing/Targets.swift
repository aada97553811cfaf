import Corpora
import Geometry
import Model
import Randomness
import SystemPackage
import Text
import Weights
import Wire

extension FuzzTarget {
    /// All readers of what comes from outside.
    package static let all = [
        post, picture, safetensors, configuration, encoder, voc, masks, vocabulary, conll, ndjson, ccks,
        knowledge,
    ]

    private static let json = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\\"", "null", "true", "false", "{\"a\":", "[[", "\n",
        " ",
    ].map { Array($0.utf8) }

    private init(
        _ name: String, _ samples: [String], words: [[UInt8]],
        take: @escaping @Sendable (_ bytes: [UInt8], _ path: FilePath) throws -> Bool
    ) {
        self.init(name: name, samples: samples.map { Array($0.utf8) }, words: words, take: take)
    }

    /// Lines of the filter's input.
    static let post = FuzzTarget(
        "post",
        [
            #"{"id":7,"text":"Ann met Bob in Rome","image":"a/b.jpg","alt":"two people","knowledge":"Rome: a city"}"#,
            #"{"id":"x\n","tokens":["New York","🏟","é"],"text":" New York 🏟  é ","extra":{"a":[1,2,{"b":null}]}}"#,
            #"{"tokens":["a"],"data":{"text":"deep"},"text":null,"id":-1.5e3}"#,
            #"{"text":"a","image":["b.jpg",{"path":"file:///c%20d.jpg","alt":"e"},null,7],"alt":{},"knowledge":[]}"#,
            #"{"text":"a","image":"b","regions":[{"box":[9,2,3,4e0],"label":"x","score":0.5,"text":"\u00e9"},{"box":[1]},7]}"#,
            #"{"text":"a","image":[{"path":"c","regions":[{"box":[0,0,0,4],"score":2},{"box":[-1,0,1e9,4]}]}],"regions":[]}"#,
        ],
        words: json
            + ["\"text\":", "\"tokens\":[", "\"id\":", "\"image\":", "\"regions\":[", "\"box\":[", "1e999"].map {
                Array($0.utf8)
            }
    ) { bytes, _ in
        let post: Post
        do throws(RecordError) {
            post = try PostParser(passthrough: true).parse(bytes, number: 1)
        } catch {
            let column = error.column ?? 1
            try promise(column >= 1 && column <= bytes.count + 1, "column \(column) of \(bytes.count)")
            return false
        }
        try promise(post.images.count <= Post.mostPictures, "\(post.images.count) pictures")
        for picture in post.images {
            try promise(picture.regions.count <= PostPicture.mostRegions, "\(picture.regions.count) regions")
            try promise(picture.location != nil || picture.regions.isEmpty, "regions of no picture")
            for region in picture.regions {
                try promise(region.box.fault(in: nil) == nil && region.box == region.box.ordered, "\(region.box)")
                try promise(region.score.map { (0...1).contains($0) } ?? true, "score \(region.score ?? 0)")
            }
        }
        let scalars = post.text.unicodeScalars.count
        var end = 0
        for token in post.tokens ?? [] {
            try promise(token.lowerBound >= end && !token.isEmpty && token.upperBound <= scalars, "token \(token)")
            end = token.upperBound
        }
        return true
    }

    /// Headers of weight files: every tensor of one that is taken can be read.
    static let safetensors: FuzzTarget = {
        let header = """
            {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"q":{"dtype":"I8","shape":[2,4],"data_offsets":[32,40]},\
            "q.row_scale":{"dtype":"F32","shape":[2],"data_offsets":[40,48]}}
            """
        let words =
            json
            + ["\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"BF16\"", "\"I8\"", "\"__metadata__\":"].map {
                Array($0.utf8)
            }
        var target = FuzzTarget("safetensors", [header], words: words) { _, path in
            guard let file = try? SafetensorsFile(path) else { return false }
            for (name, tensor) in file.tensors {
                try promise(try file.bytes(of: tensor).count == tensor.bytes.count, "bytes of \(name)")
                let rows = tensor.shape.first ?? 1
                guard tensor.count > 0, rows > 0, tensor.count < 1 << 20 else { continue }
                var values = [Float](repeating: 0, count: tensor.count)
                var span = values.mutableSpan
                try? WeightReader(file).float32(name, rows: rows, columns: tensor.count / rows, into: &span)
            }
            return true
        }
        // Most headers as long as they say, and then the 48 bytes of the tensors.
        target.finish = { header, random in
            let says = Int.random(in: 0..<8, using: &random) == 0 ? random.next() : UInt64(header.count)
            return (0..<8).map { UInt8(truncatingIfNeeded: says >> (8 * $0)) } + header
                + [UInt8](repeating: 1, count: 48)
        }
        return target
    }()

    /// `config.json` of models: one that is taken declares its networks.
    static let configuration = FuzzTarget(
        "config", [shippedConfiguration],
        words: json + ["\"bert\"", "\"mpnet\"", "\"vit\"", "\"dinov2_with_registers\""].map { Array($0.utf8) }
    ) { bytes, path in
        let directory = path.removingLastComponent()
        try write(bytes, to: directory.appending("config.json"))
        guard let configuration = try? ModelDirectory(directory).configuration() else { return false }
        guard let network = try? Network(configuration) else { return false }
        var total = 0
        for entry in network.reading.entries + network.seeing.entries {
            try promise(entry.parameter.rows > 0 && entry.parameter.columns > 0, "an empty matrix \(entry.names)")
            total += entry.parameter.count
        }
        try promise(total < 1 << 48, "\(total) numbers")
        return true
    }

    /// `config.json` of encoders: one that is taken wants tensors, of which there are none.
    static let encoder = FuzzTarget(
        "encoder",
        [
            """
            {"model_type":"mpnet","hidden_size":16,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":32,\
            "vocab_size":99,"max_position_embeddings":34,"layer_norm_eps":1e-05,"relative_attention_num_buckets":32}
            """,
            """
            {"model_type":"dinov2_with_registers","hidden_size":16,"num_hidden_layers":2,"num_attention_heads":2,\
            "mlp_ratio":4,"image_size":56,"patch_size":14,"layer_norm_eps":1e-06,"num_register_tokens":4}
            """,
        ], words: json + ["\"bert\"", "\"vit\"", "\"dinov2\""].map { Array($0.utf8) }
    ) { bytes, path in
        let directory = path.removingLastComponent()
        try write(bytes, to: directory.appending("config.json"))
        try write([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), to: directory.appending("model.safetensors"))
        do throws(ModelError) {
            _ = try EncoderImport(directory)
            throw ModelError(.invalid, "an encoder without a tensor")
        } catch {
            return error.message.contains("tensor")
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }

    private static let shippedConfiguration: String = {
        String(decoding: RepositoryFile.bytes("Sources/DefaultModel/model/config.json"), as: UTF8.self)
    }()

    /// Boxes: those of one that is taken are numbers in order, and in the picture.
    static let voc = FuzzTarget(
        "voc",
        [
            """
            <?xml version="1.0"?>\n<!DOCTYPE annotation>\n<annotation a="b"><!-- c --><size><width>60</width><height>40\
            </height><depth>3</depth></size><object><name>A &amp; B</name><bndbox><xmin>1</xmin><ymin>2.5</ymin>\
            <xmax>30</xmax><ymax>20</ymax></bndbox></object><object><name><![CDATA[x<y]]></name><bndbox><xmin>0</xmin>\
            <ymin>0</ymin><xmax>60</xmax><ymax>40</ymax></bndbox></object></annotation>
            """
        ],
        words: [
            "<", ">", "/>", "</", "<a>", "</a>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&lt;", "&#0;",
            "&#x110000;", "&a;", "<!DOCTYPE a [<!ENTITY a \"&a;&a;\">]>", "<object>", "<bndbox>", "<annotation>", "\"",
            "=",
        ].map { Array($0.utf8) }
    ) { _, path in
        guard let annotation = try? VOCAnnotation(contentsOf: path) else { return false }
        for object in annotation.objects {
            let box = object.box
            try promise(box.x1 <= box.x2 && box.y1 <= box.y2 && box.x1.isFinite && box.x2.isFinite, "box \(box)")
        }
        return true
    }

    /// Masks of annotation tools.
    static let masks = FuzzTarget(
        "masks",
        [
            #"{"imageWidth":6,"imageHeight":4,"shapes":[{"label":"Bo","mask":{"size":[4,6],"counts":[0,2,22]}}]}"#,
            #"{"imageWidth":60,"imageHeight":40,"shapes":[{"label":"a","points":[[1,1],[20,2],[3.5,30]]}]}"#,
            #"{"info":{"width":6,"height":4},"objects":[{"category":"Bo","segmentation":[[0,0],[6,0],[6,4],[0,4]]}]}"#,
        ],
        words: json + ["\"counts\":", "\"points\":", "\"size\":"].map { Array($0.utf8) }
    ) { _, path in
        (try? MaskAnnotation(contentsOf: path)) != nil
    }

    /// `vocab.txt`: each piece of one that is taken has the number of its line.
    static let vocabulary = FuzzTarget(
        "vocabulary",
        ["[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nann\nbob\n##s\n##é\nthe\n🏟\n", "a\r\nb\r\n##c"],
        words: ["\n", "\r", "\r\n", "##", "[UNK]", "ann", "\u{0}", " "].map { Array($0.utf8) }
    ) { bytes, _ in
        guard let vocabulary = try? Vocabulary(bytes) else { return false }
        for number in 0..<Int32(min(vocabulary.count, 64)) {
            guard let piece = vocabulary.piece(number) else { throw BrokenPromise("no piece \(number)") }
            try promise(vocabulary.id(of: piece) == number, "piece \(number) is not its own")
        }
        if let wordPiece = try? WordPiece(vocabulary) {
            let pieces = wordPiece.encode(words: ["anns", "b\u{301}ob", "🏟", "x"])
            try promise(pieces.ids.allSatisfy { $0 >= 0 && $0 < vocabulary.count }, "a piece that there is not")
        }
        return true
    }

    /// Words and tags: entities of posts that are taken lie within their words.
    static let conll = FuzzTarget(
        "conll",
        [
            "IMGID:1\nAnn\tB-PER\nmet\tO\nNew\tB-LOC\nYork\tI-LOC\n\nIMGID:2\n🏟\tO\n",
            "a\tB-PER\tB-athlete\nb\tI-PER\tI-athlete\n\nc\tI-ORG\tI-club\n",
        ],
        words: ["\t", "\n", "\r\n", "\n\n", "IMGID:", "B-", "I-", "O", "I-PER", " "].map { Array($0.utf8) }
    ) { _, path in
        guard let data = try? CoNLLReader().read(path) else { return false }
        try check(data)
        return true
    }

    /// Gold and answers, one a line.
    static let ndjson = FuzzTarget(
        "ndjson",
        [
            """
            {"id":12,"text":"👍🏽 Bo's U.S. tour","image":{"width":60,"height":40},"triples":[{"entity":"U.S.","type":"LOC",\
            "start":8,"end":12,"box":null},{"entity":"Bo","type":"PER","start":3,"end":5,"score":0.5,"visible":0.25,"box":\
            [30,20,10,5]}]}
            """,
            """
            {"id":"a","tokens":["New York","x"],"image":"p.jpg","triples":[{"type":"LOC","fine_type":"city","start":0,"end":8,\
            "boxes":[[0,0,1,1]],"masks":[{"size":[2,3],"counts":[1,2,3]}]}]}
            {"id":"c","line":8,"error":{"code":"image.missing","message":"gone"}}

            {"id":"d","line":1,"triples":[{"entity":"Bo","type":"PER","start":3,"end":5,"token_start":1,"token_end":2}]}
            """,
        ],
        words: json
            + ["\"start\":", "\"end\":", "\"token_end\":", "\"masks\":[", "\"box\":", "\"counts\":"].map {
                Array($0.utf8)
            }
    ) { _, path in
        let units: [OffsetUnit] = [.scalar, .utf16, .utf8]
        return try units.count { unit in
            guard let data = try? NDJSONReader(offsets: unit).read(path) else { return false }
            try check(data)
            return true
        } > 0
    }

    /// Lists of entities for each picture.
    static let ccks = FuzzTarget(
        "ccks",
        [
            #"{"1.jpg":[{"name":"Ann","label":"person","bnd":{"xmin":1,"ymin":2,"xmax":30,"ymax":40}},{"name":"Rome","label":"x","bnd":null}]}"#
        ],
        words: json + ["\"name\":", "\"label\":", "\"bnd\":"].map { Array($0.utf8) }
    ) { _, path in
        guard let data = try? CCKSReader(inventory: nil).read(path) else { return false }
        try check(data)
        return true
    }

    private static func check(_ data: LabelledData) throws {
        for post in data.posts {
            try promise(post.words.count == post.wordScalars.count, "\(post.words.count) words")
            for entity in post.entities {
                try promise(entity.words.lowerBound >= 0 && !entity.scalars.isEmpty, "entity at \(entity.scalars)")
                guard post.isTextKnown else { continue }
                try promise(entity.words.upperBound <= post.words.count, "entity of words \(entity.words)")
                try promise(entity.scalars.upperBound <= post.text.unicodeScalars.count, "entity \(entity.scalars)")
            }
        }
    }
}
