import Glibc
import Images
import SystemPackage
import Wire

/// The directory that `gmner view` writes: a page, and beside it a picture a post.
struct ViewPage {
    private let directory: FilePath
    private let path: FilePath
    private let page: FileDescriptor

    /// Boxes and their names share a colour. Okabe and Ito's set: people who see few colours tell them apart.
    private static let colours = [
        Colour(red: 213, green: 94, blue: 0), Colour(red: 86, green: 180, blue: 233),
        Colour(red: 0, green: 158, blue: 115), Colour(red: 240, green: 228, blue: 66),
        Colour(red: 204, green: 121, blue: 167), Colour(red: 0, green: 114, blue: 178),
        Colour(red: 230, green: 159, blue: 0),
    ]

    init(directory: FilePath) throws {
        self.directory = directory
        path = directory.appending("index.html")
        // That it is there already is fine; anything else shows when the page is opened.
        _ = unsafe directory.withPlatformString { unsafe mkdir($0, 0o777) }
        page = try Self.create(path)
        try write(
            """
            <!doctype html><meta charset="utf-8"><title>gmner view</title>
            <style>body{font:16px sans-serif;max-width:50em;margin:auto}article{border-top:1px solid;padding:1em 0}
            img{max-width:100%}li{list-style:none;border-left:1em solid;padding-left:.5em;margin:.2em}</style>

            """)
    }

    /// Adds a post and its answer. A picture that cannot be read is said so on the page.
    func add(line: Int, _ post: Result<Post, RecordError>, _ answer: ViewedAnswer?, from source: PictureSource) throws {
        var remarks = answer?.remarks ?? ["no answer"]
        let triples = answer?.triples ?? []
        var text = ""
        var pictures = ""
        switch post {
        case .success(let post):
            text = post.text
            remarks += post.warnings.map(\.message)
            for (index, image) in post.images.enumerated() {
                guard let location = image.location else { continue }
                let boxes = triples.map { $0.picture == index ? $0.box : nil }
                let png: [UInt8]
                do throws(ImageError) {
                    let picture = try source.picture(of: location, atLeast: .max)
                    remarks += [picture.damage].compactMap(\.?.message)
                    let shown = Self.drawn(boxes, on: picture)
                    png = try PNGWriter.encode(width: shown.width, height: shown.height, rgb: shown.pixels)
                } catch {
                    if error.code == .system { throw ViewError.input(error.message) }
                    remarks.append(error.message)
                    continue
                }
                let name = index == 0 ? "\(line).png" : "\(line)-\(index).png"
                try Self.write(png, to: directory.appending(name))
                pictures += "<img src=\"\(name)\" alt=\"\">\n"
            }
        case .failure(let error): remarks.append(error.message)
        }
        var html = "<article id=\"\(line)\"><p>\(line). \(Self.escaped(text))</p>\n" + pictures
        html += "<ul>\n"
        for (index, triple) in triples.enumerated() { html += Self.item(triple, Self.colour(index)) }
        html += "</ul>\n"
        for remark in Set(remarks).sorted() { html += "<p><em>\(Self.escaped(remark))</em></p>\n" }
        try write(html + "</article>\n")
    }

    /// Ends the page and tells where it is.
    func finish() throws -> FilePath {
        do {
            try page.close()
        } catch {
            throw ViewError.output("\(path): \(error)")
        }
        return path
    }

    // MARK: Parts of a post

    /// The picture with a box for each triple that has one there.
    private static func drawn(_ boxes: [[Double]?], on picture: Picture) -> Picture {
        var drawn = picture
        let thickness = max(2, min(picture.width, picture.height) / 120)
        for (index, box) in boxes.enumerated() {
            guard let box else { continue }
            drawn.outline(x1: box[0], y1: box[1], x2: box[2], y2: box[3], colour(index), thickness: thickness)
        }
        return drawn
    }

    private static func colour(_ index: Int) -> Colour { colours[index % colours.count] }

    private static func item(_ triple: ViewedAnswer.Triple, _ colour: Colour) -> String {
        var facts = [escaped(triple.type)]
        if let score = triple.score { facts.append("score \(score)") }
        if let visible = triple.visible { facts.append("visible \(visible)") }
        if triple.box == nil { facts.append("no box") }
        if let score = triple.boxScore { facts.append("box score \(score)") }
        let rgb = "rgb(\(colour.red),\(colour.green),\(colour.blue))"
        return
            "<li style=\"border-color:\(rgb)\"><b>\(escaped(triple.entity))</b> \(facts.joined(separator: ", "))</li>\n"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    // MARK: Writing

    private func write(_ html: String) throws {
        do {
            _ = try page.writeAll(html.utf8)
        } catch {
            throw ViewError.output("\(path): \(error)")
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try create(path)
        do {
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch {
            throw ViewError.output("\(path): \(error)")
        }
    }

    private static func create(_ path: FilePath) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw ViewError.output("\(path): \(error)")
        }
    }
}
