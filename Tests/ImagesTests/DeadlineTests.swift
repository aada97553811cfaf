@testable import Images
import Synchronization
import Testing
import TestSupport

/// A deadline that passes when it has been asked a number of times, and counts how often it was.
final class Countdown: Sendable {
    private let asked = Mutex(0)
    private let patience: Int

    init(_ patience: Int = .max) { self.patience = patience }

    var count: Int { asked.withLock(\.self) }

    var deadline: Deadline {
        Deadline {
            self.asked.withLock { asked in
                asked += 1
                return asked > self.patience
            }
        }
    }
}

@Suite struct DeadlineTests {
    private static let samples = [
        "baseline-420.jpg", "progressive.jpg", "separate-scans.jpg", "arithmetic.jpg", "rgb-8.png",
        "palette-4-alpha-interlaced.png", "lossy.webp", "lossless.webp",
    ]

    /// However far it has come: once the deadline has passed, it is asked no more, and there is no picture.
    @Test(arguments: samples)
    func decodingStopsWhereverTheDeadlinePasses(file: String) throws {
        let bytes = try Fixture.picture(file)
        let whole = Countdown()
        _ = try ImageDecoder().picture(of: bytes, atLeast: .max, deadline: whole.deadline)
        for patience in 0..<whole.count {
            let countdown = Countdown(patience)
            let error = failure { () throws(ImageError) in
                try ImageDecoder().picture(of: bytes, atLeast: .max, deadline: countdown.deadline)
            }
            #expect(error?.code == .timeout)
            #expect(countdown.count == patience + 1)
        }
    }

    /// Each row of blocks of each scan is one more occasion to stop.
    @Test func scansAreInterruptedWithinThemselves() throws {
        let counts = try [10, 50].map { scans in
            let countdown = Countdown()
            let jpeg = PictureBomb.jpeg(.progressive, side: 256, components: 1, scans: scans)
            _ = try ImageDecoder().picture(of: jpeg, atLeast: 8, deadline: countdown.deadline)
            return countdown.count
        }
        #expect(counts[1] - counts[0] >= 40 * 256 / 8)
    }

    @Test func aMomentIsADeadline() {
        #expect(Deadline.at(.now).hasPassed)
        #expect(!Deadline.at(.now + .seconds(3600)).hasPassed)
        #expect(Deadline.never.or(.at(.now)).hasPassed)
        #expect(!Deadline.never.or(.never).hasPassed)
    }
}
