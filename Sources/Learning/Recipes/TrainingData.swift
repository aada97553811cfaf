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
        let seen = Set(self.train.posts.map(\.id.exact))
        if let leak = self.development.posts.first(where: { seen.contains($0.id.exact) }) {
            throw DataError(development, line: leak.line, "post \(leak.id) is among the training posts too")
        }
    }

    /// The tag of each word of a post.
    ///
    /// - Throws: ``DataError`` for a type that is not among those to learn.
    func tags(of post: LabelledPost, _ set: TagSet) throws(DataError) -> [Int32] {
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
        return set.tags(of: spans, count: post.words.count).map { Int32($0) }
    }
}
