import Dispatch
@testable import Flow
@testable import Model
@testable import Kernels
import Synchronization
@testable import Geometry
@testable import Wire

/// A model whose steps a test can hold up and look at.
///
/// - A text that begins with `see` wants its picture. Every text has one entity, its first scalar.
/// - The text `broken` makes the model contradict itself.
struct FakeModel: PostModel {
    /// A step that a worker is about to take.
    enum Step: Equatable {
        case read([String])
        /// The same for a text that comes with a picture, which is named by what was seen.
        case readWithPicture(String, [Float])
        case see([Float])
        case ground
    }

    var looks = Looks.afterTagging
    /// Called on the worker's lane before each step: a gate blocks here.
    var before: @Sendable (Step) -> Void = { _ in }

    func makeWorker() -> FakeWorker { FakeWorker(before: before) }
}

struct FakeWorker: PostWorker {
    let before: @Sendable (FakeModel.Step) -> Void

    func read(_ posts: [PostText]) throws(ShapeError) -> [Reading] {
        if let picture = posts.first?.picture, posts.count == 1 {
            before(.readWithPicture(posts[0].text, picture.tokens))
        } else {
            before(.read(posts.map(\.text)))
        }
        if posts.contains(where: { $0.text == "broken" }) {
            throw ShapeError("fake", expected: "sense", got: "nonsense")
        }
        return posts.map { post in
            Reading(
                entities: [TaggedEntity(words: 0..<1, scalars: 0..<1, type: "T", typeIndex: 0, score: 1)],
                wantsPicture: post.text.hasPrefix("see"), queries: [], alt: [], altRows: 0)
        }
    }

    func see(_ pictures: [[Float]]) throws(ShapeError) -> [PictureFeatures] {
        before(.see(pictures.map { $0[0] }))
        return pictures.map { PictureFeatures(tokens: $0, rows: 1, width: 1) }
    }

    func ground(
        _ reading: Reading, picture: PictureFeatures?, explain: Bool
    ) throws(ShapeError) -> [GroundedEntity] {
        before(.ground)
        return reading.entities.map {
            GroundedEntity(
                entity: $0, visible: picture.map { _ in 1 },
                box: picture.map { _ in RelativeBox(x1: 0, y1: 0, x2: 0.5, y2: 1) }, explanation: nil)
        }
    }
}

/// Pictures whose path is a number, which becomes their only value; other paths fail.
struct FakePictures: PictureLoading {
    let loaded = Journal<String>()

    func load(_ path: String) throws(PictureFailure) -> LoadedPicture {
        loaded.note(path)
        guard let value = Float(path) else { throw PictureFailure(code: "image.missing", message: "\(path): no file") }
        return LoadedPicture(patches: [value], size: ImageSize(width: 100, height: 50))
    }
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
