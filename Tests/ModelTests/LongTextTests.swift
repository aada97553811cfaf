import Foundation
import Synchronization
import Testing
@testable import Text

@testable import Model

/// Texts that are longer than a block, or than anybody wants to read.
@Suite struct LongTextTests {
    private func withTinyModel<Result>(_ body: (GroundingWorker) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            try TinyModel.write(ModelWriter(directory, storage: .float32), seed: 3)
            return try body(Grounder(directory: directory).makeWorker())
        }
    }

    static let shapes = [
        String(repeating: "Ann met Bob in Rome today. ", count: 800),
        String(repeating: "a@", count: 10_000),
        String(repeating: "東京とNASA👩‍🚀", count: 800),
        String(repeating: "e\u{301}", count: 7_000),
        "e" + String(repeating: "\u{301}", count: 10_000),
    ]

    @Test(arguments: shapes) func blocksFollowEachOther(text: String) {
        var blocks = TextBlocks(PostText(text: text))
        var scalars: [Unicode.Scalar] = []
        var characters = 0
        while let block = blocks.next() {
            #expect(block.firstScalar == scalars.count)
            characters += block.post.text.count
            #expect(block.post.text.utf8.count <= TextBlocks.size)
            scalars += block.post.text.unicodeScalars
        }
        #expect(scalars == Array(text.unicodeScalars))
        // None is cut, but one that is longer than a block.
        #expect(characters == text.count || text.count == 1)
    }

    /// Quadratic time would not end: a character may be as long as the text.
    @Test func oneCharacterOfMegabytesIsCutInLinearTime() {
        var blocks = TextBlocks(PostText(text: "e" + String(repeating: "\u{301}", count: 4_000_000)))
        var count = 0
        while blocks.next() != nil { count += 1 }
        #expect(count == 489)
    }

    @Test func blocksOfTokensFollowEachOther() {
        let text = Self.shapes[0]
        let tokens = WordSplitter.words(in: text).map(\.scalars)
        var post = PostText(text: text)
        post.tokens = tokens
        var blocks = TextBlocks(post)
        var found: [Range<Int>] = []
        let scalars = Array(text.unicodeScalars)
        while let block = blocks.next() {
            let here = Array(block.post.text.unicodeScalars)
            for token in block.post.tokens ?? [] {
                let place = token.lowerBound + block.firstScalar..<token.upperBound + block.firstScalar
                #expect(here[token] == scalars[place])
                found.append(place)
            }
        }
        #expect(found == tokens)
    }

    @Test(arguments: shapes) func mentionsLieWhereTheirWordsAre(text: String) throws {
        try withTinyModel { worker in
            let reading = try worker.read([PostText(text: text)])[0]
            #expect(reading.unread == nil)
            var starts = Set(WordSplitter.words(in: text).map(\.scalars.lowerBound))
            // A word that is longer than a block goes on in the next.
            var blocks = TextBlocks(PostText(text: text))
            while let block = blocks.next() { starts.insert(block.firstScalar) }
            var last = 0
            for mention in reading.mentions {
                #expect(mention.scalars.lowerBound >= last && !mention.scalars.isEmpty)
                last = mention.scalars.upperBound
                #expect(starts.contains(mention.scalars.lowerBound))
            }
            #expect(last <= text.unicodeScalars.count)
            let width = reading.mentions.isEmpty ? 0 : reading.queries.count / reading.mentions.count
            #expect(reading.queries.count == reading.mentions.count * width)
        }
    }

    @Test(arguments: [1, 5, 60, 61, 200, 17_000]) func noMoreIsReadThanAllowed(pieces: Int) throws {
        try withTinyModel { worker in
            var post = PostText(text: Self.shapes[1])
            post.limits.pieces = pieces
            let reading = try worker.read([post])[0]
            // Each sign is a word, and a piece.
            #expect(reading.unread == Unread(from: pieces, .tooLong))
            #expect(reading.mentions.allSatisfy { $0.scalars.upperBound <= pieces })
            post.limits.pieces = post.text.unicodeScalars.count
            #expect(try worker.read([post])[0].unread == nil)
        }
    }

    /// The first mentions of a text that is cut are those of the same text that ends there.
    @Test func whatIsReadIsReadAsWithoutTheRest() throws {
        try withTinyModel { worker in
            let text = String(repeating: "Ann met Bob in Rome today. ", count: 20)
            var post = PostText(text: text)
            post.limits.pieces = 100
            let cut = try worker.read([post])[0]
            let end = try #require(cut.unread).scalar
            let short = String(String.UnicodeScalarView(text.unicodeScalars.prefix(end)))
            let whole = try worker.read([PostText(text: short)])[0]
            #expect(cut.mentions.map(\.scalars) == whole.mentions.map(\.scalars))
            #expect(cut.queries == whole.queries)
        }
    }

    /// Time is asked for before the first word, too: white space may be all that there is.
    @Test func whiteSpaceTakesNoMoreTimeThanWords() throws {
        try withTinyModel { worker in
            var post = PostText(text: String(repeating: " ", count: 4 * TextBlocks.size) + "Ann")
            post.limits.isOver = { true }
            let unread = try #require(try worker.read([post])[0].unread)
            #expect(unread.reason == .outOfTime && unread.scalar <= TextBlocks.size)
        }
    }

    @Test(arguments: [0, 1, 2, 7]) func readingEndsWhenTimeDoes(questions: Int) throws {
        try withTinyModel { worker in
            let asked = Atomic(0)
            var post = PostText(text: Self.shapes[0])
            post.limits.isOver = { asked.add(1, ordering: .relaxed).oldValue >= questions }
            let reading = try worker.read([post])[0]
            let unread = try #require(reading.unread)
            #expect(unread.reason == .outOfTime && unread.scalar > 0)
            // One window at least is read, and no more than was asked for.
            #expect(unread.scalar < (questions + 2) * WindowQueue.batchPieces)
            #expect(reading.mentions.allSatisfy { $0.scalars.lowerBound < unread.scalar })
            let width = reading.mentions.isEmpty ? 0 : reading.queries.count / reading.mentions.count
            #expect(reading.queries.count == reading.mentions.count * width)
        }
    }

    @Test func manyMentionsAreGroundedAsFewAre() throws {
        try withTinyModel { worker in
            let text = String(repeating: "Ann met Bob in Rome. ", count: 60)
            var reading = try worker.read([PostText(text: text, alt: "Ann and Bob")])[0]
            try #require(reading.mentions.count > 130)
            let all = try worker.ground(reading, picture: nil)
            let width = reading.queries.count / reading.mentions.count
            // The last beside the first, whose surroundings speak for the post.
            let last = reading.mentions.count - 1
            reading.mentions = [reading.mentions[0], reading.mentions[last]]
            reading.queries = Array(reading.queries[..<width] + reading.queries[(last * width)...])
            let two = try worker.ground(reading, picture: nil)
            for (mention, same) in zip(two, [all[0], all[last]]) {
                let difference = try abs(#require(mention.visible) - #require(same.visible))
                #expect(difference < 1e-5)
            }
        }
    }

    @Test func nothingIsGroundedWhereNothingIsShown() throws {
        try withTinyModel { worker in
            var post = PostText(text: "Ann met Bob in Rome.")
            post.isShown = false
            let reading = try worker.read([post])[0]
            #expect(!reading.mentions.isEmpty && reading.queries.isEmpty)
            #expect(try worker.ground(reading, picture: nil).map(\.visible).allSatisfy { $0 == nil })
        }
    }
}
