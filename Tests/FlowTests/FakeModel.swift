import Dispatch
import Glibc
@testable import Flow
@testable import Images
@testable import Model
@testable import Kernels
import Synchronization
@testable import Geometry
@testable import Wire
@testable import Text

/// A model whose steps a test can hold up and look at.
///
/// - A text that begins with `see` wants its picture. Every text has one entity, its first scalar.
/// - A text that holds `doubt` is one that the model is unsure of: of the words by 0.8, of the type by 0.94.
/// - The text `broken` makes the model contradict itself while it reads, `shaky` while it grounds, and the picture
///   ``brokenPicture`` while it sees: in the middle of a batch, if there are others.
struct FakeModel: PostModel {
    /// A step that a worker is about to take.
    enum Step: Equatable {
        case read([String])
        /// The same for a text that comes with a picture, which is named by what was seen.
        case readWithPicture(String, [Float])
        case see([Float])
        case ground
    }

    /// The picture that makes the model contradict itself.
    static let brokenPicture: Float = 666

    var looks = Looks.afterTagging
    var readsRegions = false
    var readsKnowledge = false
    var types = TypeInventory.coarse
    /// Called on the worker's lane before each step: a gate blocks here.
    var before: @Sendable (Step) -> Void = { _ in }
    /// How many results too many a step gives; below zero, too few.
    var surplus: @Sendable (Step) -> Int = { _ in 0 }

    func makeWorker() -> FakeWorker { FakeWorker(before: before, surplus: surplus) }
}

struct FakeWorker: PostWorker {
    let before: @Sendable (FakeModel.Step) -> Void
    let surplus: @Sendable (FakeModel.Step) -> Int

    /// How often each of the first letters is in a text.
    func vectors(of texts: [String]) throws(ShapeError) -> [[Float]] {
        texts.map { text in "abcdefgh".map { letter in Float(text.count { $0 == letter }) } }
    }

    func canRead(_ label: String) -> Bool { label.utf8.allSatisfy { $0 < 0x80 } }

    func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        var step = FakeModel.Step.read(posts.map(\.text))
        if let picture = posts.first?.picture, posts.count == 1 {
            step = .readWithPicture(posts[0].text, picture.tokens)
        }
        return try results(posts, of: step) { post throws(ShapeError) in
            if post.text == "broken" { throw Self.contradiction }
            var reading = Reading(
                mentions: [Mention(words: 0..<1, scalars: 0..<1, type: post.text == "shaky" ? 1 : 0, score: 1)],
                wantsPicture: post.text.hasPrefix("see"), queries: [], alt: [], altRows: 0)
            // What is known changes the type.
            if let knowledge = post.knowledge { reading.mentions[0].type = knowledge.count % 4 }
            if post.text.contains("doubt") {
                (reading.mentions[0].score, reading.mentions[0].posterior) = (0.1, [0.5, 0.25, 0.125, 0.125])
            }
            if post.text.count > post.limits.pieces { reading.unread = Unread(from: post.limits.pieces, .tooLong) }
            if post.text == "slow" {
                while !post.limits.isOver() { usleep(1_000) }
                reading.unread = Unread(from: 2, .outOfTime)
            }
            return reading
        }
    }

    func see(_ pictures: [PictureInput]) throws(ShapeError) -> [PictureFeatures] {
        try results(pictures, of: .see(pictures.map { $0.patches[0] })) { picture throws(ShapeError) in
            if picture.patches[0] == FakeModel.brokenPicture { throw Self.contradiction }
            return PictureFeatures(tokens: picture.patches, rows: 1, width: 1)
        }
    }

    func describe(_ reading: Reading, by alt: String) throws(ShapeError) -> Reading {
        var reading = reading
        (reading.alt, reading.altRows) = ([Float(alt) ?? 0], 1)
        return reading
    }

    func ground(
        _ reading: Reading, picture: PictureFeatures?, details: MentionDetails
    ) throws(ShapeError) -> [Mention] {
        before(.ground)
        // The type of a shaky post.
        if reading.mentions.contains(where: { $0.type == 1 }) { throw Self.contradiction }
        return reading.mentions.map { mention in
            var mention = mention
            // A picture's value says how sure its box is, and alternative text that was read for it how visible all is.
            mention.visible = picture.map { _ in reading.altRows > 0 ? reading.alt[0] : 1 }
            mention.boxScore = picture.map { min($0.tokens[0] / 1000, 1) }
            mention.provenance.hasEvidence = picture != nil
            mention.box = picture.map { _ in RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1) }
            mention.drawn = mention.box
            return mention
        }
    }

    private static var contradiction: ShapeError { ShapeError("fake", expected: "sense", got: "nonsense") }

    /// One result an item, give or take what the test wants wrong.
    private func results<Item, Result>(
        _ items: [Item], of step: FakeModel.Step, _ result: (Item) throws(ShapeError) -> Result
    ) throws(ShapeError) -> [Result] {
        before(step)
        let results = try items.map(result)
        let wrong = surplus(step)
        return wrong < 0
            ? results.dropLast(-wrong) : results + results.prefix(1).flatMap { Array(repeating: $0, count: wrong) }
    }
}

/// Pictures whose path is a number, which becomes their only value; other paths fail. One called `endless` takes until its
/// deadline.
struct FakePictures: PictureLoading {
    let patch: Int? = nil

    let loaded = Journal<String>()

    func load(_ path: String, by deadline: Deadline) throws(ImageError) -> LoadedPicture {
        loaded.note(path)
        if path == "endless" {
            while !deadline.hasPassed { usleep(1_000) }
            throw ImageError(.timeout, "\(path): no time")
        }
        guard let value = Float(path) else { throw ImageError(.missing, "\(path): no file") }
        return LoadedPicture(patches: [value], size: ImageSize(width: 100, height: 50))
    }
}

extension FakePictures {
    func size(of path: String, by deadline: Deadline) throws(ImageError) -> ImageSize {
        guard Float(path) != nil else { throw ImageError(.missing, "\(path): no file") }
        return ImageSize(width: 100, height: 50)
    }

    func address(of path: String) -> PictureAddress? { .file(path) }
}

/// What happened, in order, on whatever threads.
final class Journal<Event: Sendable>: Sendable {
    private let events = Mutex<[Event]>([])

    func note(_ event: Event) { events.withLock { $0.append(event) } }
    var all: [Event] { events.withLock { $0 } }
}

/// Stops whoever passes until it is opened, and tells when someone has come.
final class Gate: Sendable {
    private let arrivals = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Waits for the gate to be opened, once for each passing.
    func pass() {
        arrivals.signal()
        opened.wait()
    }

    /// Waits until someone stands at the gate.
    func awaitArrival() { arrivals.wait() }

    /// Lets `count` pass.
    func open(_ count: Int = 1) { for _ in 0..<count { opened.signal() } }
}
