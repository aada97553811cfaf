/// A piece of a page. What stands in a literal is markup; what is put into it by interpolation is text, and escaped, unless
/// it is a piece of a page itself. So nothing that comes from data can become markup.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// The piece as it stands in the page.
    package let markup: String

    /// Markup that the program has written.
    package init(stringLiteral markup: String) { self.markup = markup }

    /// Markup with texts in it.
    package init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    /// A text.
    package init(text: String) { self = "\(text)" }

    /// The parts of a page's files that are not data: style and script.
    init(resource bytes: [UInt8]) { markup = String(decoding: bytes, as: UTF8.self) }

    /// Pieces, one behind the other.
    package init(_ pieces: [HTML]) { markup = pieces.lazy.map(\.markup).joined() }

    /// The piece as bytes of a file.
    package var bytes: [UInt8] { Array(markup.utf8) }

    /// Nothing.
    package static let nothing: HTML = ""

    /// Puts texts into markup.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { markup += literal }

        /// A text, in an element or between double quotes.
        package mutating func appendInterpolation(_ text: String) {
            // Pictures inside the page are megabytes in which there is nothing to do.
            guard text.utf8.contains(where: Self.mayNeedEscape) else {
                markup += text
                return
            }
            for scalar in text.unicodeScalars { Self.append(scalar, to: &markup.unicodeScalars) }
        }

        /// A number.
        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// A piece of a page.
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        /// Pieces, one behind the other.
        package mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { markup += piece.markup }
        }

        /// Whether a byte is, or begins, what cannot stand in a page as it is. 0xC2 begins the controls beyond ASCII.
        private static func mayNeedEscape(_ byte: UInt8) -> Bool {
            switch byte {
            case 0..<0x20, 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xC2: true
            default: false
            }
        }

        /// Appends what a page shows as a scalar. Controls are shown as their pictures: some have no place in a page, and a
        /// carriage return would come out as something else.
        private static func append(_ scalar: Unicode.Scalar, to markup: inout String.UnicodeScalarView) {
            switch scalar {
            case "&": markup.append(contentsOf: "&amp;".unicodeScalars)
            case "<": markup.append(contentsOf: "&lt;".unicodeScalars)
            case ">": markup.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": markup.append(contentsOf: "&quot;".unicodeScalars)
            case "'": markup.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": markup.append(scalar)
            case "\u{00}"..."\u{1F}": markup.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case "\u{7F}": markup.append("\u{2421}")
            case "\u{80}"..."\u{9F}": markup.append("\u{FFFD}")
            default: markup.append(scalar)
            }
        }
    }
}

extension [HTML] {
    /// The pieces with another one between them.
    package func joined(by separator: HTML) -> HTML {
        HTML(Array(map { [$0] }.joined(separator: [separator])))
    }
}
