import Text

/// Writes CoNLL: `IMGID:`, a line a word, a blank line after each post.
///
/// Where an entity ends inside a word, the whole word is its; of entities that share a word, the first one has it.
struct CoNLLWriter {
    /// The types of the second column, which are written as they are spelled here; `nil`: as they come.
    var inventory: TypeInventory?
    /// The types of the third column; `nil`: there is none.
    var fineInventory: TypeInventory?

    func files(_ data: LabelledData, in folder: String = "") throws(DataError) -> [ExportedFile] {
        var text = ""
        for post in data.posts {
            _ = try post.knownText()
            guard !post.id.isEmpty, !post.id.contains(where: \.isWhitespace) else {
                throw DataError(post, "the id holds white space")
            }
            text += "IMGID:\(post.id)\n"
            let tags = try tags(of: post)
            for (word, tags) in zip(post.words, tags) {
                guard !word.isEmpty, !word.unicodeScalars.contains(where: { "\t\n\r".unicodeScalars.contains($0) })
                else {
                    throw DataError(post, "the word “\(word)” is empty, or holds a tab or a line break")
                }
                text += "\(word)\t\(tags)\n"
            }
            text += "\n"
        }
        return [ExportedFile(folder.isEmpty ? "" : "\(folder)/data.txt", text)]
    }

    private func tags(of post: LabelledPost) throws(DataError) -> [String] {
        let outside = fineInventory == nil ? "O" : "O\tO"
        var tags = [String](repeating: outside, count: post.words.count)
        for entity in post.entities where entity.words.allSatisfy({ $0 < tags.count && tags[$0] == outside }) {
            let type = try Self.spelling(entity.type, inventory, post)
            var fine: String?
            if let fineInventory {
                guard let type = entity.fineType else { throw DataError(post, "“\(entity.name)” has no fine type") }
                fine = try Self.spelling(type, fineInventory, post)
            }
            for word in entity.words {
                let prefix = word == entity.words.lowerBound ? "B-" : "I-"
                tags[word] = prefix + type + (fine.map { "\t\(prefix)\($0)" } ?? "")
            }
        }
        return tags
    }

    private static func spelling(
        _ type: String, _ inventory: TypeInventory?, _ post: LabelledPost
    ) throws(DataError) -> String {
        guard let inventory else { return type }
        guard let index = inventory.index(of: type) else {
            throw DataError(post, "the format has no type \(type), only \(inventory.names.joined(separator: " "))")
        }
        return inventory.names[index]
    }
}
