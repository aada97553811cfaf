import Wire
import Geometry
import Text

/// Writes one VOC file a post, for posts in which something can be seen.
struct VOCWriter {
    /// What the name of an object is.
    private var namesEntities: Bool
    /// Number of the first pixel.
    private var base: Float

    /// As Twitter-GMNER has it: names are entities, and edges are taken as they are.
    static let twitterGMNER = VOCWriter(namesEntities: true, base: 0)
    /// As the VOC development kit has it: names are types; edges are the first and last pixel inside, counted from 1.
    static let pascal = VOCWriter(namesEntities: false, base: 1)

    func files(_ data: LabelledData, in folder: String = "") -> [ExportedFile] {
        var files: [ExportedFile] = []
        let names = FileNames(data)
        for post in data.posts where post.entities.contains(where: { $0.isGrounded == true }) {
            var written: Set<ExactString> = []
            var objects = ""
            for entity in post.entities {
                // Where a name stands twice, a reader gives both all boxes: each box has to be there once only.
                for box in entity.boxes ?? [] {
                    let object = self.object(entity, box, post.picture)
                    if !namesEntities || written.insert(object.exact).inserted { objects += object }
                }
            }
            files.append(names.file(folder, post, ".xml", document(post, objects)))
        }
        return files
    }

    private func document(_ post: LabelledPost, _ objects: String) -> String {
        var text = "<annotation>\n"
        if let name = post.image { text += "\t<filename>\(XMLText.escape(name))</filename>\n" }
        if let picture = post.picture {
            text += "\t<size>\n\t\t<width>\(picture.width)</width>\n\t\t<height>\(picture.height)</height>\n"
            text += "\t\t<depth>3</depth>\n\t</size>\n"
        }
        return text + "\t<segmented>0</segmented>\n\(objects)</annotation>\n"
    }

    private func object(_ entity: LabelledEntity, _ box: PixelBox, _ picture: ImageSize?) -> String {
        let box = box.ordered
        // Whole pixels, at least one each way, inside the picture where its size is known.
        func edges(_ low: Float, _ high: Float, _ limit: Int?) -> (Int, Int) {
            let limit = limit.map(Float.init) ?? 1e9
            let low = min(max(0, low.rounded()), limit - 1)
            return (Int(low + base), Int(min(max(low + 1, high.rounded()), limit)))
        }
        let (x1, x2) = edges(box.x1, box.x2, picture?.width)
        let (y1, y2) = edges(box.y1, box.y2, picture?.height)
        return """
            \t<object>
            \t\t<name>\(XMLText.escape(namesEntities ? entity.name : entity.type))</name>
            \t\t<pose>Unspecified</pose>
            \t\t<truncated>0</truncated>
            \t\t<difficult>0</difficult>
            \t\t<bndbox>
            \t\t\t<xmin>\(x1)</xmin>
            \t\t\t<ymin>\(y1)</ymin>
            \t\t\t<xmax>\(x2)</xmax>
            \t\t\t<ymax>\(y2)</ymax>
            \t\t</bndbox>
            \t</object>

            """
    }
}
