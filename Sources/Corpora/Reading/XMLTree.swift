import Foundation
import FoundationXML

/// An element of an XML document, with the text inside it.
struct XMLTree: Equatable {
    var name: String
    /// The line where its tag ends, counted from 1.
    var line: Int
    /// Its text without that of its children, white space at the ends left out.
    var text = ""
    var children: [XMLTree] = []

    /// The first child of this name.
    func child(_ name: String) -> XMLTree? { children.first { $0.name == name } }
}

/// XML that cannot be read: what is wrong, and in which line.
struct XMLError: Error, Equatable {
    let line: Int
    let message: String
}

extension XMLTree {
    /// How deep elements may be nested.
    static let depthLimit = 64

    /// The root element of a document in UTF-8: elements and text. Attributes, comments and processing instructions are
    /// passed over.
    ///
    /// A document type with declarations of its own is refused, so that no entity can expand into more than was read,
    /// or into another file.
    init(parsing bytes: [UInt8]) throws(XMLError) {
        let builder = XMLTreeBuilder()
        let parser = XMLParser(data: Data(try XMLPrologue.removed(from: bytes)))
        parser.delegate = builder
        parser.shouldResolveExternalEntities = false
        _ = parser.parse()
        self = try builder.root(line: parser.lineNumber)
    }
}

/// Takes out of a document what is not read anyway, and what libxml2 and Foundation must not see.
///
/// Foundation's parser follows a null pointer where a processing instruction has no content, or where a declaration of
/// a document type leaves something out. And an XML declaration could name an encoding in which the bytes mean
/// something else than they were checked for.
private enum XMLPrologue {
    /// The document with a space in place of each processing instruction, the XML declaration and the document type: not
    /// with nothing, since what stood on both sides could make another one. Lines keep their numbers.
    static func removed(from bytes: [UInt8]) throws(XMLError) -> [UInt8] {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw XMLError(line: 1, message: "not UTF-8")
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            kept += rest[..<start]
            rest = rest[start...]
            let removed: Int
            if rest.starts(with: "<?".utf8) {
                guard let end = end(of: "?>", in: rest.dropFirst(2)) else {
                    throw fault("a processing instruction is not closed", bytes, start)
                }
                removed = end - start
            } else if rest.starts(with: "<!DOCTYPE".utf8) {
                guard let end = end(of: ">", in: rest) else { throw fault("<!DOCTYPE is not closed", bytes, start) }
                guard !rest[..<end].contains(UInt8(ascii: "[")) else {
                    throw fault("a document type with declarations", bytes, start)
                }
                removed = end - start
            } else {
                removed = 1
            }
            kept.append(UInt8(ascii: removed == 1 ? "<" : " "))
            kept += rest.prefix(removed).filter { $0 == UInt8(ascii: "\n") }
            rest = rest.dropFirst(removed)
        }
        return kept + rest
    }

    /// The place behind the first `mark`.
    private static func end(of mark: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array(mark.utf8)
        var rest = bytes
        while let start = rest.firstIndex(of: mark[0]) {
            if bytes[start...].starts(with: mark) { return start + mark.count }
            rest = bytes[(start + 1)...]
        }
        return nil
    }

    private static func fault(_ message: String, _ bytes: [UInt8], _ place: Int) -> XMLError {
        XMLError(line: 1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") }, message: message)
    }
}

/// Builds the tree of what the parser meets, up to the first fault.
private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
    /// Elements that are open here, outermost first.
    private var open: [XMLTree] = []
    private var closed: XMLTree?
    private var fault: XMLError?

    /// The root element once the parser is done, `line` being where it stopped.
    func root(line: Int) throws(XMLError) -> XMLTree {
        if let fault { throw fault }
        guard let closed, open.isEmpty else { throw XMLError(line: max(1, line), message: "no element") }
        return closed
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard open.count < XMLTree.depthLimit else {
            return stop(parser, "nested deeper than \(XMLTree.depthLimit)")
        }
        if fault == nil { open.append(XMLTree(name: name, line: parser.lineNumber)) }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard fault == nil, var element = open.popLast() else { return }
        element.text = element.text.trimmingWhitespace()
        if open.isEmpty { closed = element } else { open[open.count - 1].children.append(element) }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if fault == nil, !open.isEmpty { open[open.count - 1].text += text }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
    }

    /// Asked for a reference that no declaration explains.
    func parser(_ parser: XMLParser, resolveExternalEntityName name: String, systemID: String?) -> Data? {
        stop(parser, "unknown reference &\(name);")
        return nil
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
        let code = (error as NSError).code
        // What libxml2 has against name spaces: here a name is what is written.
        if (96...103).contains(code) || (200...205).contains(code) { return }
        stop(parser, words(code))
    }

    private func stop(_ parser: XMLParser, _ message: String) {
        guard fault == nil else { return }
        fault = XMLError(line: max(1, parser.lineNumber), message: message)
        parser.abortParsing()
    }

    /// An error of libxml2 (`xmlParserErrors` in its `xmlerror.h`), as far as files of boxes are known to have it.
    private func words(_ code: Int) -> String {
        switch code {
        case 4: "no element"
        case 5 where open.isEmpty: "something stands behind the root element"
        case 5, 73, 74, 77:
            open.last.map { "<\($0.name)> of line \($0.line) is not closed" } ?? "an element is not closed"
        case 9: "a character that XML does not have"
        case 26, 27: "an unknown reference"
        case 45: "a comment is not closed"
        case 76: open.last.map { "an end tag that does not close <\($0.name)> of line \($0.line)" } ?? "an end tag"
        default: "no XML (error \(code) of libxml2)"
        }
    }
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
