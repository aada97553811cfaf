import Corpora
import Files
import Images
import JSON
import Synthesis
import SystemPackage

/// Pictures of sentences on their way to disk: a PNG each, and a line that says what is drawn there.
struct Drawing {
    /// The file of lines.
    let out: FilePath
    /// The folder of pictures.
    let images: FilePath

    /// Draws all sentences that have something to draw; returns lines of what was made.
    ///
    /// The file of lines comes last. Pictures are named after it, so that several such files can share a folder.
    func draw(_ sentences: [String], with drawer: SentenceDrawer) throws -> String {
        var lines: [UInt8] = []
        var (pictures, objects) = (0, 0)
        do {
            try Folder.create(images)
            let file = try AtomicFile(out)
            for (number, sentence) in sentences.enumerated() {
                guard let picture = drawer.picture(of: sentence, number: number) else { continue }
                pictures += 1
                objects += picture.objects.count
                let name = "\(out.stem ?? "picture")-\(pictures).png"
                try write(picture, to: images.pushing(FilePath(name)))
                picture.photograph(named: name).json.write(into: &lines)
                lines.append(UInt8(ascii: "\n"))
            }
            guard pictures > 0 else { throw DataError("no sentence has a noun phrase to draw") }
            try Folder.flush(images)
            try file.write(lines)
            try file.commit()
        } catch let error as FileError {
            throw DataError(writing: error)
        }
        return "pictures\t\(pictures)\nobjects\t\(objects)\nsentences without any\t\(sentences.count - pictures)\n"
    }

    private func write(_ picture: DrawnPicture, to path: FilePath) throws {
        let file = try AtomicFile(path)
        try file.write(PNGWriter.encode(width: picture.side, height: picture.side, rgb: picture.pixels))
        try file.commit(flushingFolder: false)
    }
}
