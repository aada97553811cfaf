/// The windows of some texts on their way through the encoder, put together to batches of about equal size.
struct WindowQueue {
    /// A window of a text, in a batch.
    struct Place {
        /// The text, by its position.
        let text: Int
        let window: TextWindows.Window
        /// First row of the window's words among the batch's words.
        let row: Int
    }

    /// Most pieces that go through the encoder together: enough for long products, little enough to stay in cache.
    static let batchPieces = 704

    private var waiting: ArraySlice<(text: Int, window: TextWindows.Window)>

    /// The windows of all texts, or the first of each.
    init(_ texts: [ReadText], firstOnly: Bool = false) {
        waiting =
            texts.indices.flatMap { index in
                (firstOnly ? texts[index].windows.prefix(1) : texts[index].windows[...]).map { (index, $0) }
            }[...]
    }

    /// The next batch; `nil` after the last. Windows of texts that are out of time, by their positions, are left out, except
    /// each text's first.
    mutating func next(_ texts: [ReadText], isOver: (Int) -> Bool = { _ in false }) -> [Place]? {
        var batch: [Place] = []
        var pieces = 0
        var row = 0
        while let (index, window) = waiting.first {
            if window.words.lowerBound > 0, isOver(index) {
                waiting = waiting.drop { $0.text == index }
                continue
            }
            let size = texts[index].size(of: window)
            if pieces + size > Self.batchPieces, !batch.isEmpty { break }
            waiting.removeFirst()
            batch.append(Place(text: index, window: window, row: row))
            pieces += size
            row += window.words.count
        }
        return batch.isEmpty ? nil : batch
    }
}
