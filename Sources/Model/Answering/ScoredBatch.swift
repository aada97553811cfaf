import Kernels

extension TextReader {
    /// What was scored of a batch of windows.
    struct Scored {
        /// The head's rows, for each window.
        var rows: [[Float]] = []
        /// What words let in; `nil` where no post of the batch shows anything, and where nothing looks.
        var gates: Gates?

        /// Rows of gates, one a word.
        struct Gates {
            private let rows: [Float]
            private let columns: Int
            private let ranges: [Range<Int>]
            private let isShown: [Bool]

            /// A copy of the gates, where words of each window lie, and whether its post shows anything.
            init(_ gate: Evaluator.Value, _ evaluator: Evaluator, starts: [Range<Int>], _ isShown: [Bool]) {
                (rows, columns) = (evaluator.array(gate), gate.columns)
                ranges = starts
                self.isShown = isShown
            }

            /// The mean of each word's gate; none for a window whose post shows nothing.
            func means(_ window: Int) -> [Float] {
                guard isShown[window] else { return [] }
                return ranges[window].map { word in
                    rows[word * columns..<(word + 1) * columns].reduce(0, +) / Float(columns)
                }
            }
        }

        /// How far the words that a window owns let in what is shown.
        func openness(_ index: Int, of window: TextWindows.Window) -> ArraySlice<Float> {
            guard let means = gates?.means(index), !means.isEmpty else { return [] }
            let first = window.owned.lowerBound - window.words.lowerBound
            return means[first..<first + window.owned.count]
        }
    }
}
