import Glibc
import Reporting
import SystemPackage

/// How text goes to standard output: how wide lines may be, and whether there are colours.
struct TerminalStyle {
    /// What a part of a text is.
    enum Role: String {
        case heading = "1"
        case name = "1;36"
        case faint = "2"
        case warning = "33"
        case error = "31"
    }

    /// Cells of a line.
    let width: Int
    private let isColoured: Bool

    /// What standard output can show. Colours only where that is a terminal, and `NO_COLOR` does not forbid them.
    init() {
        var size = winsize()
        let output = FileDescriptor.standardOutput.rawValue
        let isTerminal = isatty(output) == 1
        let isKnown = unsafe isTerminal && ioctl(output, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let columns = Self.environment("COLUMNS").flatMap { Int($0) }
        width = max(40, min(isKnown ? Int(size.ws_col) : columns ?? 80, 400))
        isColoured = isTerminal && Self.environment("NO_COLOR") == nil && Self.environment("TERM") != "dumb"
    }

    /// A variable of the environment that says something.
    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }

    /// A text from data in the colour of its role. What would command the terminal is shown in place of being obeyed.
    func styled(_ text: String, _ role: Role?) -> String {
        let visible = VisibleText.line(text)
        guard let role, isColoured else { return visible }
        return "\u{1B}[\(role.rawValue)m\(visible)\u{1B}[0m"
    }

    /// Pieces, separated by spaces, in lines that are no wider than there is room behind an indent.
    func flow(_ pieces: [(text: String, role: Role?)], indent: Int) -> String {
        let room = max(20, width - indent)
        let start = String(repeating: " ", count: indent)
        var (lines, line, used) = ([String](), "", 0)
        for piece in pieces {
            let cells = Self.cells(VisibleText.line(piece.text))
            if used > 0, used + 1 + cells > room {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += (used > 0 ? " " : "") + styled(piece.text, piece.role)
            used += cells + (used > 0 ? 1 : 0)
        }
        return (lines + [line]).map { start + $0 }.joined(separator: "\n") + "\n"
    }

    /// Cells that a text takes in a terminal: two for each wide character.
    static func cells(_ text: String) -> Int {
        text.reduce(0) { $0 + ($1.unicodeScalars.contains(where: isWide) ? 2 : 1) }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x1100: false
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
