/// Cuts a text that is longer than a window into several that overlap, so that every word is read with context on
/// both sides and nothing is cut off.
enum TextWindows {
    /// Words that go through the encoder together, and those of them whose result counts.
    struct Window: Equatable {
        let words: Range<Int>
        let owned: Range<Int>
    }

    /// Windows over words of the given numbers of pieces.
    ///
    /// - Parameters:
    ///   - pieces: Pieces of each word. A word of more than `limit` is a window of its own.
    ///   - limit: Most pieces in a window.
    ///   - overlap: Pieces that neighbours share, about; less than `limit`.
    /// - Returns: Windows whose `owned` ranges follow each other and cover all words. A text that fits is one window.
    static func cut(_ pieces: [Int], limit: Int, overlap: Int) -> [Window] {
        var spans: [Range<Int>] = []
        var first = 0
        while first < pieces.count {
            var end = first
            var used = 0
            while end < pieces.count, used + pieces[end] <= limit || end == first {
                used += pieces[end]
                end += 1
            }
            spans.append(first..<end)
            if end == pieces.count { break }
            // The next window starts inside this one, but always moves on, at both ends.
            let room = min(overlap, limit - pieces[end])
            var shared = 0
            var next = end
            while next - 1 > first, shared + pieces[next - 1] <= room {
                next -= 1
                shared += pieces[next]
            }
            first = next
        }
        // Neighbours share their overlap half and half: a word belongs where it stands farther from an edge.
        return spans.indices.map { index in
            let span = spans[index]
            let start = index == 0 ? span.lowerBound : (span.lowerBound + spans[index - 1].upperBound + 1) / 2
            let end =
                index + 1 == spans.count ? span.upperBound : (spans[index + 1].lowerBound + span.upperBound + 1) / 2
            return Window(words: span, owned: start..<end)
        }
    }
}
