package import Geometry
import Glibc

/// Cuts an object out of a picture, given a box around it and how probably each patch is of it: patches say what it is, colours
/// and edges where exactly it ends.
///
/// In turn, colours of inside and outside are counted, each pixel weighted by how probably it is of the object (the colour
/// model of GrabCut, Rother et al. 2004, as histograms), and what follows is smoothed by a guided filter (He et al. 2013).
/// Nothing is learned, and no outside model is asked.
package struct ObjectCut: Sendable {
    /// Pixels of a side of the square that the picture was squashed into.
    let side: Int
    /// Red, green and blue of each pixel, row by row, as the patch encoder takes them.
    private let pixels: [SIMD4<Float>]

    private static let rounds = 2
    /// Share of the box's sides by which what lies around it is looked at, too.
    private static let margin: Float = 0.2
    /// What is surely outside.
    private static let outside: Float = 0.02
    /// How far anything can be told of a pixel by its patch, and by its place in the box.
    private static let (patches, places): (ClosedRange<Float>, ClosedRange<Float>) = (0.15...0.85, 0.1...0.7)
    /// How much a place goes on saying after the first round.
    private static let later: Float = 0.4
    /// What colours count beside patches, and how much they say at most, in logits; without patches they have to do.
    private static let (colourWeight, colourLimit): (Float, Float) = (0.5, 2)

    /// A picture as ``ImageToPatches/matrix(of:)`` has it: one row a patch, row by row. `nil` where it is none of such patches.
    package init?(patches: [Float], patch: Int) {
        let length = 3 * patch * patch
        guard patch > 0, !patches.isEmpty, patches.count % length == 0 else { return nil }
        let grid = Int(Double(patches.count / length).squareRoot())
        guard grid * grid * length == patches.count else { return nil }
        let (side, area) = (grid * patch, patch * patch)
        self.side = side
        pixels = (0..<side * side).map { place in
            let (y, x) = (place / side, place % side)
            let start = (y / patch * grid + x / patch) * length + y % patch * patch + x % patch
            return SIMD4(patches[start], patches[start + area], patches[start + 2 * area], 0)
        }
    }

    /// The object in a box.
    ///
    /// - Parameter guess: How probably each patch is of the object; `nil` where nobody knows, and place and colours have to do.
    package func shape(in box: RelativeBox, guess: PatchMask?) -> ObjectShape {
        let inner = GridWindow(box, side: side, margin: 0)
        let window = GridWindow(box, side: side, margin: Self.margin)
        let isInBox = window.places(side: side).map { inner.contains($0 % side, $0 / side) }
        let place = places(inner, window)
        let patch = guess.map { guess in
            window.places(side: side).map { place in
                Self.logit(guess.value(place % side, place / side, of: side), within: Self.patches)
            }
        }
        let seen = window.places(side: side).map { pixels[$0] }
        let colours = seen.map(\.colour)
        func known(_ weight: Float) -> [Float] {
            isInBox.indices.map {
                isInBox[$0] ? weight * place[$0] + (patch?[$0] ?? 0) : Self.logit(Self.outside)
            }
        }
        var share = known(1).map(Self.logistic)
        for round in 0..<Self.rounds {
            let says = says(colours, share, isAlone: guess == nil)
            // Once colours are known, places say less.
            share = zip(colours, known(round == 0 ? 1 : Self.later)).map { Self.logistic($1 + says[$0]) }
            let guide = Self.guide(seen, share)
            share = GuidedFilter(guide: guide, width: window.width, height: window.height).smooth(share)
                .map { min(max($0, 0), 1) }
        }
        var isInside = zip(share, isInBox).map { $0 > 0.5 && $1 }
        PixelComponents.tidy(&isInside, width: window.width, height: window.height)
        // Where nothing is told apart, the box is what is known.
        let found = isInside.count { $0 }
        if found * 20 < inner.width * inner.height { isInside = isInBox }
        return ObjectShape(side: side, window: window, isInside: isInside)
    }

    /// Pixels along the line on which inside and outside differ the most: an edge of the object is one there, whatever its
    /// colours.
    private static func guide(_ pixels: [SIMD4<Float>], _ share: [Float]) -> [Float] {
        var (inside, outside) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
        for (pixel, share) in zip(pixels, share) {
            inside += pixel * share
            outside += pixel * (1 - share)
        }
        let all = share.reduce(0, +)
        var line = inside / max(all, 1e-3) - outside / max(Float(share.count) - all, 1e-3)
        let length = (line * line).sum().squareRoot()
        line = length > 1e-3 ? line / length : SIMD4(0.299, 0.587, 0.114, 0)
        return pixels.map { ($0 * line).sum() }
    }

    /// What is known of each pixel of the window by its place, in logits: what fills a box is in its middle.
    private func places(_ inner: GridWindow, _ window: GridWindow) -> [Float] {
        let box = inner.box(side: side)
        return window.places(side: side).map { place in
            let (x, y) = (Float(place % side) + 0.5, Float(place / side) + 0.5)
            return Self.logit(box.nearness(x: x / Float(side), y: y / Float(side)), within: Self.places)
        }
    }

    /// What each colour says of a pixel, in logits, by how often it is inside and outside.
    private func says(_ colours: [Int], _ share: [Float], isAlone: Bool) -> [Float] {
        // A little of every colour everywhere, so that none decides alone.
        let floor: Float = 0.5
        var inside = [Float](repeating: floor, count: SIMD4<Float>.colours)
        var outside = inside
        for (colour, share) in zip(colours, share) {
            inside[colour] += share
            outside[colour] += 1 - share
        }
        return zip(inside, outside).map { inside, outside in
            let says = log(inside / outside)
            return isAlone ? says : Self.colourWeight * min(max(says, -Self.colourLimit), Self.colourLimit)
        }
    }

    private static func logistic(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }

    private static func logit(_ share: Float, within bounds: ClosedRange<Float> = 0...1) -> Float {
        // What is no number says as little as can be.
        guard !share.isNaN else { return 0 }
        let share = min(max(share, bounds.lowerBound), bounds.upperBound)
        return log(share / (1 - share))
    }
}

extension SIMD4<Float> {
    /// Cells of colours: eight steps of each channel.
    static let colours = 512

    /// The cell of this colour; channels are normalised, between about −2 and 3.
    fileprivate var colour: Int {
        func step(_ value: Float) -> Int { Int((value + 2.2) * 1.6, within: 0...7) }
        return (step(x) * 8 + step(y)) * 8 + step(z)
    }
}

extension PatchMask {
    /// The probability at a pixel of a square picture, between those of the patches around it.
    func value(_ x: Int, _ y: Int, of pixels: Int) -> Float {
        func between(_ place: Int) -> (low: Int, high: Int, share: Float) {
            let at = (Float(place) + 0.5) / Float(pixels) * Float(side) - 0.5
            let low = Int(at.rounded(.down), within: 0...side - 1)
            return (low, min(low + 1, side - 1), min(max(at - Float(low), 0), 1))
        }
        let (across, down) = (between(x), between(y))
        func row(_ y: Int) -> Float {
            let (left, right) = (probabilities[y * side + across.low], probabilities[y * side + across.high])
            return left + (right - left) * across.share
        }
        let (upper, lower) = (row(down.low), row(down.high))
        return upper + (lower - upper) * down.share
    }
}
