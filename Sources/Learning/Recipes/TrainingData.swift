package import SystemPackage
package import Text
package import Corpora

/// Posts to learn from and posts to judge by.
package struct TrainingData: Sendable {
    /// What the model learns from.
    package var train: LabelledData
    /// What decides which weights are kept.
    package var development: LabelledData
    /// The types to learn.
    package var inventory: TypeInventory
    /// Whether these are the fine types of the posts.
    package var isFine: Bool

    /// Where the two files of a data set's folder are, in the order in which they are looked for.
    private static let layouts = [
        ("txt_fine/train.txt", "txt_fine/dev.txt"), ("txt/train.txt", "txt/dev.txt"), ("train.txt", "valid.txt"),
        ("train.txt", "dev.txt"), ("train.ndjson", "dev.ndjson"),
    ]

    /// The data set in a folder, as its authors lay it out.
    ///
    /// - Throws: ``DataError`` where no training and development file is found, or one cannot be used.
    package init(folder: FilePath) throws(DataError) {
        let files = Self.layouts.map { (folder.pushing(FilePath($0.0)), folder.pushing(FilePath($0.1))) }
        guard let (train, development) = files.first(where: { DataFile.exists($0.0) && DataFile.exists($0.1) }) else {
            let known = Self.layouts.map { "\($0.0) and \($0.1)" }.joined(separator: ", or ")
            throw DataError(folder, "no training data: looked for \(known)", kind: .input)
        }
        try self.init(train: train, development: development)
    }

    /// Data in two files.
    package init(train: FilePath, development: FilePath) throws(DataError) {
        self.train = try DataSource(train).read()
        self.development = try DataSource(development).read()
        isFine = self.train.posts.contains { $0.entities.contains { $0.fineType != nil } }
        if isFine {
            inventory = .fmnergFine
        } else if let known = self.train.inventory {
            inventory = known
        } else {
            let names = Set(self.train.posts.flatMap { $0.entities.map(\.type.exact) })
            do throws(TypeInventoryError) {
                inventory = try TypeInventory(names.sorted().map(\.string))
            } catch {
                throw DataError(train, error.message)
            }
        }
        if self.train.posts.isEmpty { throw DataError(train, "no posts") }
        try requireApart(development)
    }

    /// Throws where development posts are training posts: by their ids, or where ids are made up, by their texts, of which
    /// a few may come twice.
    private mutating func requireApart(_ path: FilePath) throws(DataError) {
        let ids = Set(train.posts.compactMap(\.givenID?.exact))
        if let leak = development.posts.first(where: { $0.givenID.map { ids.contains($0.exact) } ?? false }) {
            throw DataError(path, line: leak.line, "post \(leak.id) is among the training posts too")
        }
        guard (train.posts + development.posts).contains(where: { $0.givenID == nil }) else { return }
        let texts = Set(train.posts.map(\.text.exact))
        let same = development.posts.filter { texts.contains($0.text.exact) }
        guard let first = same.first else { return }
        if same.count * 2 > development.posts.count {
            throw DataError(path, line: first.line, "most posts are among the training posts too, by their texts")
        }
        development.notes.append(
            DataNote(path, line: first.line, "development posts with the text of a training post: \(same.count)"))
    }

    /// The entities of a post, by types that are to be learned.
    ///
    /// - Throws: ``DataError`` for a type that is not among those to learn.
    func spans(of post: LabelledPost) throws(DataError) -> [TagSet.Span] {
        var spans: [TagSet.Span] = []
        for entity in post.entities {
            let name = isFine ? entity.fineType ?? entity.type : entity.type
            guard let type = inventory.index(of: name) else {
                throw DataError(
                    FilePath("post \(post.id)"), line: post.line,
                    "type \(name) of “\(entity.name)” is not in the training data")
            }
            spans.append(TagSet.Span(words: entity.words, type: type))
        }
        return spans
    }
}
