/// An element of an XML document, with the text inside it.
struct XMLElement: Equatable {
    var name: String
    /// The line where it begins, counted from 1.
    var line: Int
    /// Its text without that of its children, white space at the ends left out.
    var text = ""
    var children: [XMLElement] = []

    /// The first child of this name.
    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// XML that cannot be read: what is wrong, and in which line.
struct XMLError: Error, Equatable {
    let line: Int
    let message: String
}

/// Reads the XML that annotation tools write: elements and text.
///
/// Attributes, comments and processing instructions are passed over. A document type with declarations of its own is
/// refused, so that no entity can expand into more than was read; so are files nested deeper than `depthLimit`.
struct XMLReader {
    static let depthLimit = 64

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The root element of a document in UTF-8.
    static func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw XMLError(line: 1, message: "not UTF-8") }
        var reader = XMLReader(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        return try reader.document()
    }

    private mutating func document() throws(XMLError) -> XMLElement {
        /// Elements that are open here, outermost first.
        var open: [XMLElement] = []
        var root: XMLElement?
        while place < bytes.count {
            if bytes[place] != UInt8(ascii: "<") {
                try append(try text(), to: &open)
            } else if skips("</") {
                let name = try self.name()
                skipSpace()
                guard skips(">") else { throw error("</\(name) is not closed") }
                guard var element = open.popLast(), element.name == name else {
                    throw error("</\(name)> closes nothing")
                }
                element.text = element.text.trimmingWhitespace()
                close(element, &open, &root)
            } else if skips("<!--") {
                try skip(past: "-->", "a comment")
            } else if skips("<?") {
                try skip(past: "?>", "a processing instruction")
            } else if skips("<![CDATA[") {
                let start = place
                try skip(past: "]]>", "a CDATA section")
                try append(String(decoding: bytes[start..<place - 3], as: UTF8.self), to: &open)
            } else if skips("<!DOCTYPE") {
                try documentType()
            } else {
                advance()
                guard root == nil else { throw error("more than one root element") }
                guard open.count < Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit)") }
                let element = XMLElement(name: try name(), line: line)
                if try attributes(of: element.name) { close(element, &open, &root) } else { open.append(element) }
            }
        }
        if let unclosed = open.last { throw error("<\(unclosed.name)> of line \(unclosed.line) is not closed") }
        guard let root else { throw error("no element") }
        return root
    }

    private func close(_ element: XMLElement, _ open: inout [XMLElement], _ root: inout XMLElement?) {
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    private func append(_ text: String, to open: inout [XMLElement]) throws(XMLError) {
        if open.isEmpty {
            guard text.allSatisfy(\.isWhitespace) else { throw error("text outside of the root element") }
        } else {
            open[open.count - 1].text += text
        }
    }

    // MARK: Parts

    private mutating func name() throws(XMLError) -> String {
        let start = place
        while place < bytes.count, !Self.endsName.contains(bytes[place]) { place += 1 }
        guard place > start else { throw error("an element without a name") }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static let endsName = Set(" \t\r\n/><=\"'&".utf8)

    /// Passes over attributes up to the end of the tag; `true` where the element is empty.
    private mutating func attributes(of name: String) throws(XMLError) -> Bool {
        while place < bytes.count {
            if skips("/>") { return true }
            if skips(">") { return false }
            let byte = bytes[place]
            guard byte != UInt8(ascii: "<") else { break }
            advance()
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                while place < bytes.count, bytes[place] != byte { advance() }
                advance()
            }
        }
        throw error("<\(name) is not closed")
    }

    private mutating func documentType() throws(XMLError) {
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            guard bytes[place] != UInt8(ascii: "[") else { throw error("a document type with declarations") }
            advance()
        }
        guard skips(">") else { throw error("<!DOCTYPE is not closed") }
    }

    private mutating func text() throws(XMLError) -> String {
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
            if bytes[place] == UInt8(ascii: "&") {
                text += Array(String(try reference()).utf8)
            } else {
                text.append(bytes[place])
                advance()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func reference() throws(XMLError) -> Unicode.Scalar {
        let start = place + 1
        guard let end = bytes[start..<min(bytes.count, start + 10)].firstIndex(of: UInt8(ascii: ";")) else {
            throw error("& without a ;")
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        place = end + 1
        let named: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let scalar = named[name] { return scalar }
        let isHexadecimal = name.hasPrefix("#x")
        guard name.hasPrefix("#"),
            let value = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10),
            value > 0, let scalar = Unicode.Scalar(value)
        else { throw error("unknown reference &\(name);") }
        return scalar
    }

    // MARK: Steps

    private mutating func advance() {
        guard place < bytes.count else { return }
        if bytes[place] == UInt8(ascii: "\n") { line += 1 }
        place += 1
    }

    /// Steps over a text if it stands here.
    private mutating func skips(_ text: String) -> Bool {
        var end = place
        for byte in text.utf8 {
            guard end < bytes.count, bytes[end] == byte else { return false }
            end += 1
        }
        place = end
        return true
    }

    private mutating func skip(past text: String, _ what: String) throws(XMLError) {
        let first = line
        while place < bytes.count {
            if skips(text) { return }
            advance()
        }
        throw XMLError(line: first, message: "\(what) is not closed")
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { advance() }
    }

    private func error(_ message: String) -> XMLError { XMLError(line: line, message: message) }
}

extension String {
    /// The string without white space at its ends.
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
