import Files

/// What a noun phrase looks like in drawn pictures: outline, texture and proportions tell its noun, the colour its
/// adjectives or, where they name none, the phrase itself.
struct DrawnLook: Sendable, Equatable {
    /// An outline in the square from −1 to 1, from side to side.
    enum Outline: Int, CaseIterable, Sendable {
        case ellipse, rectangle, triangle, diamond, cross, ring, hourglass, hexagon

        func contains(_ u: Float, _ v: Float) -> Bool {
            switch self {
            case .ellipse: u * u + v * v <= 1
            case .rectangle: true
            case .triangle: abs(u) <= (v + 1) / 2
            case .diamond: abs(u) + abs(v) <= 1
            case .cross: min(abs(u), abs(v)) <= 0.35
            case .ring: 0.3...1 ~= u * u + v * v
            case .hourglass: abs(u) <= 0.2 + 0.8 * abs(v)
            case .hexagon: abs(u) + abs(v) / 2 <= 1
            }
        }
    }

    /// What is painted darker.
    enum Texture: Int, CaseIterable, Sendable {
        case plain, stripes, bars, checks, core

        func isDark(_ u: Float, _ v: Float) -> Bool {
            func band(_ x: Float) -> Bool { Int((x + 1) * 3) % 2 == 1 }
            return switch self {
            case .plain: false
            case .stripes: band(v)
            case .bars: band(u)
            case .checks: band(u) != band(v)
            case .core: u * u + v * v < 0.2
            }
        }
    }

    var outline: Outline
    var texture: Texture
    var colour: Colour
    /// Width over height.
    var proportions: Float
    /// Size, relative to others.
    var scale: Float

    /// The look of a phrase as a vocabulary has it.
    init(of phrase: String) {
        let words = phrase.split(separator: " ").map(String.init)
        let head = words.lastIndex { CaptionWords.adjectives.contains($0) }.map { words[($0 + 1)...] } ?? words[...]
        let noun = Self.number(of: head.joined(separator: " "))
        outline = Outline.allCases[Int(noun) % Outline.allCases.count]
        texture = Texture.allCases[Int(noun >> 8) % Texture.allCases.count]
        proportions = [0.5, 0.75, 1, 1.4, 2][Int(noun >> 16) % 5]
        colour = words.lazy.compactMap { Self.colours[$0] }.first ?? Self.hue(Int(Self.number(of: phrase)) % 18)
        scale = words.lazy.compactMap { Self.scales[$0] }.first ?? 1
    }

    /// A number that belongs to a text; the same on every machine.
    private static func number(of text: String) -> UInt32 { CRC32C.of(Array(text.utf8)).value }

    /// One of 18 bright colours around the circle.
    private static func hue(_ step: Int) -> Colour {
        let (sector, rest) = (step / 3, UInt8(step % 3) * 85)
        return switch sector {
        case 0: Colour(255, rest, 0)
        case 1: Colour(255 - rest, 255, 0)
        case 2: Colour(0, 255, rest)
        case 3: Colour(0, 255 - rest, 255)
        case 4: Colour(rest, 0, 255)
        default: Colour(255, 0, 255 - rest)
        }
    }

    private static let colours: [String: Colour] = [
        "red": Colour(220, 30, 30), "blue": Colour(40, 70, 220), "green": Colour(40, 150, 50),
        "yellow": Colour(250, 220, 40), "black": Colour(25, 25, 25), "white": Colour(250, 250, 250),
        "brown": Colour(120, 75, 35), "orange": Colour(250, 140, 20), "pink": Colour(250, 150, 190),
        "purple": Colour(130, 50, 160), "grey": Colour(130, 130, 130), "gray": Colour(130, 130, 130),
        "tan": Colour(210, 180, 140), "golden": Colour(220, 170, 40), "gold": Colour(220, 170, 40),
        "silver": Colour(190, 195, 200), "beige": Colour(235, 225, 195), "blond": Colour(240, 215, 130),
        "blonde": Colour(240, 215, 130), "cream": Colour(250, 240, 210), "khaki": Colour(190, 180, 120),
        "maroon": Colour(125, 20, 40), "dark": Colour(50, 45, 55),
    ]

    private static let scales: [String: Float] = [
        "small": 0.65, "little": 0.65, "tiny": 0.5, "smaller": 0.65, "large": 1.35, "big": 1.35, "huge": 1.5,
        "larger": 1.35, "bigger": 1.35,
    ]
}
