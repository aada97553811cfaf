package import Files
package import SystemPackage
import Text

/// Something that a knowledge base knows.
package struct KnownEntity: Sendable, Equatable {
    /// What links to it say.
    package let id: String
    /// What it is called first of all.
    package let name: String
    /// What kind of thing it is, in the words of whoever made the base; `nil` where that is not known.
    package let type: String?
    /// What it is, in a few words; `nil` where that is not known.
    package let description: String?
}

/// Names and what has them, in a file that is mapped, not loaded: opening takes no longer for a million names than for one.
///
/// The file is not trusted: its sizes are checked when it is opened, and what one place in it says of another when that is
/// followed. Where that leads out of the file, or to what is no text, nothing is known of the name. It must not be cut or
/// written over while it is open; building it anew replaces it by a rename, and those that have it open keep the old one.
package struct KnowledgeBase: Sendable {
    private let file: MappedFile
    private let layout: IndexLayout

    /// The most entities of one name that are looked at.
    private static let mostOfName = 32
    /// The most keys of a bucket that are looked at; two are usual.
    private static let mostOfBucket = 1024

    /// Opens an index.
    ///
    /// - Throws: ``FileError`` where there is none, or something else.
    package init(_ path: FilePath) throws(FileError) {
        let file = try MappedFile(path)
        self.file = file
        do throws(IndexFault) {
            layout = try IndexLayout(file.bytes)
        } catch {
            throw FileError(path, error.message)
        }
    }

    /// Whether a file is an index, by how it begins.
    package static func isIndex(_ path: FilePath) -> Bool {
        guard let file = try? MappedFile(path) else { return false }
        return IndexLayout.isIndex(file.bytes)
    }

    /// How many entries it has.
    package var count: Int { layout.entries }

    /// The most words of a name.
    var longestName: Int { layout.longest }

    /// All that has a name, however that is written: best first.
    package func entities(named name: String) -> [KnownEntity] {
        guard let key = NameKey(name) else { return [] }
        return entities(postings(of: key.bytes[...], hash: KeyHash.of(key.bytes)))
    }

    /// The entities of some postings, each once.
    func entities(_ postings: [Posting]) -> [KnownEntity] {
        var found: [KnownEntity] = []
        var records: [Int] = []
        for posting in postings where !records.contains(posting.record) {
            records.append(posting.record)
            if let entity = entity(at: posting.record) { found.append(entity) }
        }
        return found
    }

    /// Who has the name with a key.
    func postings(of key: ArraySlice<UInt8>, hash: UInt64) -> [Posting] {
        let bytes = file.bytes
        let bucket = Int(hash >> (64 - UInt64(layout.bits)))
        guard let first = bytes.integer(at: layout.directoryStart + bucket * 4, as: UInt32.self).map({ Int($0) }),
            let end = bytes.integer(at: layout.directoryStart + (bucket + 1) * 4, as: UInt32.self).map({ Int($0) }),
            first < end, end <= layout.keys
        else { return [] }
        for place in first..<min(end, first + Self.mostOfBucket) {
            let record = layout.keysStart + place * IndexLayout.keyBytes
            guard bytes.integer(at: record, as: UInt32.self) == UInt32(truncatingIfNeeded: hash),
                isText(at: record, key, bytes)
            else { continue }
            return postings(at: record, bytes)
        }
        return []
    }

    /// Whether a key has a text.
    private func isText(at record: Int, _ key: ArraySlice<UInt8>, _ bytes: RawSpan) -> Bool {
        guard let start = bytes.integer(at: record + 8, as: UInt64.self),
            let end = bytes.integer(at: record + IndexLayout.keyBytes + 8, as: UInt64.self),
            start <= end, end <= UInt64(layout.textBytes), end - start == UInt64(key.count),
            let text = bytes.part(at: layout.textsStart + Int(start), count: key.count)
        else { return false }
        return key.enumerated().allSatisfy { text.integer(at: $0.offset, as: UInt8.self) == $0.element }
    }

    /// The postings of a key.
    private func postings(at record: Int, _ bytes: RawSpan) -> [Posting] {
        guard let first = bytes.integer(at: record + 4, as: UInt32.self).map({ Int($0) }),
            let end = bytes.integer(at: record + IndexLayout.keyBytes + 4, as: UInt32.self).map({ Int($0) }),
            first < end, end <= layout.postings
        else { return [] }
        return (first..<min(end, first + Self.mostOfName)).compactMap { place in
            bytes.integer(at: layout.postingsStart + place * IndexLayout.postingBytes, as: UInt64.self)
                .map { Posting(bits: $0) }
        }
    }

    /// A record; `nil` where there is none at that place.
    private func entity(at start: Int) -> KnownEntity? {
        guard let records = file.bytes.part(at: layout.recordsStart, count: layout.recordBytes) else { return nil }
        var place = start
        func next() -> String? {
            guard let count = records.integer(at: place, as: UInt32.self),
                let text = records.part(at: place + 4, count: Int(count)), count <= KnowledgeEntry.longestText
            else { return nil }
            place += 4 + Int(count)
            let bytes = (0..<text.byteCount).map { text.integer(at: $0, as: UInt8.self) ?? 0 }
            return String(validating: bytes, as: UTF8.self)
        }
        guard let id = next(), let name = next(), let type = next(), let description = next() else { return nil }
        return KnownEntity(
            id: id, name: name, type: type.isEmpty ? nil : type,
            description: description.isEmpty ? nil : description)
    }
}
