package import Files
package import SystemPackage

/// Words as the numbers a BERT-family encoder takes: BERT's basic tokeniser, then greedy longest-match WordPiece.
///
/// Same pieces and ids as the reference implementation (Hugging Face `tokenizers`, `BertNormalizer`,
/// `BertPreTokenizer` and `WordPiece`), except that no text is ever taken for a special piece: `[SEP]` written in a post
/// is a bracket, a word and a bracket.
package struct WordPiece: Sendable {
    /// The pieces and their numbers.
    package let vocabulary: Vocabulary
    /// Whether words are lower-cased and lose their accents first.
    package let lowercase: Bool

    /// The piece in front of a text: `<s>` or `[CLS]`.
    package let cls: Int32
    /// The piece after a text: `</s>` or `[SEP]`.
    package let sep: Int32
    /// The piece that fills short texts up: `<pad>` or `[PAD]`.
    package let pad: Int32
    /// The piece of a word that has no pieces: `[UNK]` or `<unk>`.
    package let unk: Int32
    /// The piece that hides another one: `<mask>` or `[MASK]`.
    package let mask: Int32

    /// Tokens of more scalars than this are unknown, as in the reference.
    package static let maxTokenScalars = 100

    private let basic: BasicTokenizer

    /// Takes a vocabulary; every special piece must be there, spelled as BERT or as MPNet spells it.
    ///
    /// - Parameter path: what errors name.
    package init(
        _ vocabulary: Vocabulary, lowercase: Bool = true, of path: FilePath = "vocabulary"
    ) throws(FileError) {
        self.vocabulary = vocabulary
        self.lowercase = lowercase
        basic = BasicTokenizer(lowercase: lowercase)
        func special(_ names: [String]) throws(FileError) -> Int32 {
            guard let id = names.lazy.compactMap(vocabulary.id).first else {
                throw FileError(path, "no piece \(names.joined(separator: " or "))")
            }
            return id
        }
        // MPNet's vocabulary holds BERT's special pieces too, unused but for [UNK].
        cls = try special(["<s>", "[CLS]"])
        sep = try special(["</s>", "[SEP]"])
        pad = try special(["<pad>", "[PAD]"])
        unk = try special(["[UNK]", "<unk>"])
        mask = try special(["<mask>", "[MASK]"])
    }

    /// Takes the contents of a `vocab.txt`; errors name `path`.
    package init(
        vocabulary contents: [UInt8], lowercase: Bool = true, of path: FilePath = "vocabulary"
    ) throws(FileError) {
        try self.init(Vocabulary(contents, of: path), lowercase: lowercase, of: path)
    }

    /// The pieces of a word, or of any text; none where nothing but white space and control characters is in it.
    package func pieces(of word: String) -> [Int32] {
        var ids: [Int32] = []
        var token = BasicTokenizer.Token()
        var hashes: [UInt32] = []
        append(word, to: &ids, &token, &hashes)
        return ids
    }

    /// The pieces of each word. A word without any gets the unknown piece, so that every word has a place.
    package func encode(words: [String]) -> PiecedText {
        encode(words) { $0 }
    }

    /// The pieces of each word. A word without any gets the unknown piece, so that every word has a place.
    package func encode(words: [Word]) -> PiecedText {
        encode(words) { $0.text }
    }

    private func encode<Element>(_ words: [Element], _ text: (Element) -> String) -> PiecedText {
        var result = PiecedText()
        result.ranges.reserveCapacity(words.count)
        // Scratch that the words share: a token, and the hash of each prefix of what is left of it.
        var token = BasicTokenizer.Token()
        var hashes: [UInt32] = []
        for word in words {
            let start = result.ids.count
            append(text(word), to: &result.ids, &token, &hashes)
            if result.ids.count == start { result.ids.append(unk) }
            result.ranges.append(start..<result.ids.count)
        }
        return result
    }

    // MARK: Greedy longest match

    private static let continuation = Array("##".utf8)
    private static let continuationHash = Vocabulary.hash(continuation[...])

    private func append(
        _ word: String, to ids: inout [Int32], _ token: inout BasicTokenizer.Token, _ hashes: inout [UInt32]
    ) {
        basic.forEachToken(in: word, &token) { bytes, scalars in
            appendPieces(of: bytes, scalars, to: &ids, &hashes)
        }
    }

    /// Takes the longest piece that starts the token, then the longest `##` piece that goes on, and so forth; a token that
    /// cannot be finished is one unknown piece.
    private func appendPieces(of token: [UInt8], _ scalars: Int, to ids: inout [Int32], _ hashes: inout [UInt32]) {
        guard scalars <= Self.maxTokenScalars else { return ids.append(unk) }
        let first = ids.count
        var start = 0
        while start < token.count {
            guard let (id, end) = longestPiece(of: token, from: start, &hashes) else {
                ids.removeSubrange(first...)
                return ids.append(unk)
            }
            ids.append(id)
            start = end
        }
    }

    private func longestPiece(of token: [UInt8], from start: Int, _ hashes: inout [UInt32]) -> (Int32, Int)? {
        let prefix = start == 0 ? [] : Self.continuation
        var hash = start == 0 ? Vocabulary.hashSeed : Self.continuationHash
        hashes.removeAll(keepingCapacity: true)
        for place in start..<min(token.count, start + vocabulary.longest) {
            hash = Vocabulary.hash(token[place], after: hash)
            hashes.append(hash)
        }
        while let hash = hashes.popLast() {
            let end = start + hashes.count + 1
            // A piece ends where a scalar does.
            if end < token.count, token[end] & 0xC0 == 0x80 { continue }
            if let id = vocabulary.id(of: token, in: start..<end, hash: hash, prefix: prefix) { return (id, end) }
        }
        return nil
    }
}

/// A text as pieces, and which pieces are whose.
package struct PiecedText: Sendable, Equatable {
    /// The pieces, without any special ones around them.
    package var ids: [Int32]
    /// For each word, where its pieces are in `ids`; never empty.
    package var ranges: [Range<Int>]

    /// A text without words, to begin with.
    package init(ids: [Int32] = [], ranges: [Range<Int>] = []) {
        self.ids = ids
        self.ranges = ranges
    }
}
