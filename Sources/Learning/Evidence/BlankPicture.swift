import Images
import Randomness

/// A picture that shows nothing, and is known by its name alone: none needs a file.
package struct BlankPicture: Sendable, Equatable {
    /// What is in it.
    enum Content: Sendable, Equatable {
        /// The same everywhere: red, green and blue, a byte each.
        case colour(UInt32)
        /// Squares of so many pixels a side, each of a colour by chance.
        case noise(seed: UInt64, grain: Int)
    }

    let content: Content

    /// Pictures of one colour.
    static let plain =
        [0x000000, 0xFFFFFF, 0x808080, 0xB03030, 0x30A040, 0x3050C0, 0xE0D0B0, 0x404858].map {
            Self(content: .colour($0))
        }
    /// Pictures of noise, from fine to coarse.
    static let noisy = (1...8).map { Self(content: .noise(seed: $0, grain: [1, 2, 5, 16][Int($0) % 4])) }

    /// What they are called, those of one colour first.
    package static let names = (plain + noisy).map(\.name)

    private static let known = Dictionary(
        (plain + noisy).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private init(content: Content) { self.content = content }

    /// The picture of a name; `nil` where that is no blank one's.
    package init?(_ name: String) {
        guard let known = Self.known[name] else { return nil }
        self = known
    }

    /// Its name.
    package var name: String {
        switch content {
        case .colour(let colour):
            "plain:" + String(repeating: "0", count: colour.leadingZeroBitCount / 4 - 2)
                + (colour == 0 ? "" : String(colour, radix: 16))
        case .noise(let seed, let grain): "noise:\(seed),\(grain)"
        }
    }

    /// The picture, of `side × side` pixels.
    func picture(side: Int) -> Picture {
        switch content {
        case .colour(let colour):
            let pixel = [16, 8, 0].map { UInt8(truncatingIfNeeded: colour >> UInt32($0)) }
            return Picture(width: 2, height: 2, pixels: (0..<4).flatMap { _ in pixel })
        case .noise(let seed, let grain):
            var random = SeededGenerator(seed: seed, stream: 0)
            let squares = (side + grain - 1) / grain
            let colours = (0..<squares * squares).map { _ in random.next() }
            var pixels: [UInt8] = []
            pixels.reserveCapacity(3 * side * side)
            for place in 0..<side * side {
                let colour = colours[place / side / grain * squares + place % side / grain]
                pixels += [40, 48, 56].map { UInt8(truncatingIfNeeded: colour >> UInt64($0)) }
            }
            return Picture(width: side, height: side, pixels: pixels)
        }
    }
}
