/// Finds URLs, bare domains and e-mail addresses, from left to right.
struct LinkFinder {
    private let clusters: Clusters
    /// No bare domain or address begins before this place: the run of characters it would need has been looked at.
    private var plainUntil = 0

    init(_ clusters: Clusters) {
        self.clusters = clusters
    }

    /// The end of the link that begins at a place, or `nil` where none does. Places must not go back.
    mutating func end(from start: Int) -> Int? {
        guard clusters.isWord(start), !Signs.namePrefix.contains(clusters.scalar(clusters.visible(before: start)))
        else {
            return nil
        }
        for prefix in ["http://", "https://", "www."] {
            if let body = match(prefix, at: start), let end = extent(from: start, body: body) { return end }
        }
        guard start >= plainUntil else { return nil }
        let run = hostRun(from: start)
        if clusters.scalar(run) == 0x40 {
            // An address: the part after the @ is a host of its own.
            let host = hostRun(from: run + 1)
            if let end = domainEnd(run + 1, host, TopLevelDomains.isKnown) { return end }
        } else if clusters.scalar(run) == 0x2F {
            if let end = domainEnd(start, run, TopLevelDomains.isKnown), end == run {
                return extent(from: start, body: run) ?? run
            }
        } else if let end = domainEnd(start, run, TopLevelDomains.standsAlone) {
            return end
        }
        plainUntil = run
        return nil
    }

    /// The end of an ASCII text, compared without case, or `nil`.
    private func match(_ text: String, at start: Int) -> Int? {
        var place = start
        for byte in text.utf8 {
            let scalar = clusters.scalar(place)
            guard scalar == UInt32(byte) || scalar | 0x20 == UInt32(byte) && byte >= 0x61 else { return nil }
            place += 1
        }
        return place
    }

    /// The end of a link whose prefix ends at `body`: up to white space and the like, without closing punctuation.
    private func extent(from start: Int, body: Int) -> Int? {
        var end = body
        var open = 0
        var close = 0
        while end < clusters.count, isLinkCharacter(end) {
            if clusters.scalar(end) == 0x28 { open += 1 }
            if clusters.scalar(end) == 0x29 { close += 1 }
            end += 1
        }
        while end > body {
            let last = clusters.scalar(end - 1)
            if last == 0x29 {
                guard close > open else { break }
                close -= 1
            } else if last == 0x28 {
                open -= 1
            } else if !Self.trailing.contains(last) {
                break
            }
            end -= 1
        }
        return end > body ? end : nil
    }

    /// `! ' ( * , . : ; ? ] _ }` and the like at a link's end belong to the sentence around it.
    private static let trailing: Set<UInt32> = [
        0x21, 0x27, 0x2A, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D, 0x7E, 0x2019,
    ]
    /// Quotation marks, angle brackets and the ellipsis of cut texts end a link.
    private static let ending: Set<UInt32> = [0x22, 0x3C, 0x3E, 0x60, 0xAB, 0xBB, 0x2026]

    private func isLinkCharacter(_ place: Int) -> Bool {
        let scalar = clusters.scalar(place)
        switch clusters.kinds[place] {
        case .letter, .digit, .underscore: return true
        case .space, .joiner: return false
        case .single: return scalar > 0x20 && scalar < 0x7F && !Self.ending.contains(scalar) || scalar == 0x2019
        }
    }

    /// The end of a run of what host names and the local part of addresses consist of.
    private func hostRun(from start: Int) -> Int {
        var end = start
        while end < clusters.count {
            let scalar = clusters.scalar(end)
            guard scalar < 0x80, clusters.isWord(end) || [0x2D, 0x2E, 0x2B].contains(scalar) else { break }
            end += 1
        }
        return end
    }

    /// The end of the host name in `start..<end`, if it is one: two labels or more, the last of them letters that make a
    /// link.
    private func domainEnd(_ start: Int, _ end: Int, _ makesLink: (String) -> Bool) -> Int? {
        var end = end
        while end > start, !clusters.isWord(end - 1) { end -= 1 }
        var label = end
        while label > start, clusters.isKind(.letter, label - 1) { label -= 1 }
        guard end - label >= 2, end - label <= 12, label - 2 >= start, clusters.scalar(label - 1) == 0x2E,
            clusters.isWord(label - 2)
        else { return nil }
        let name = String(String.UnicodeScalarView((label..<end).compactMap { Unicode.Scalar(clusters.scalar($0)) }))
        return makesLink(name) ? end : nil
    }
}
