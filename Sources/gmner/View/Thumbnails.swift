import Corpora
import Files
import FoundationEssentials
import Geometry
import Images
import Pages
import SystemPackage
import Text

/// Makes small copies of pictures, as the page has them: in itself, or in a folder beside it.
///
/// They are decoded and written anew, so that a page carries pixels and nothing else that a file may hold.
struct Thumbnails {
    /// A picture on a page.
    struct Found {
        /// Where the page finds it; `nil` where it has no room for it.
        let source: String?
        let size: ImageSize
    }

    private let pictures: PictureSource
    private let side: Int
    /// The folder of the pages; `nil` where the page is one file.
    private let folder: FilePath?
    /// Bytes that are left for pictures in the page.
    private var room: Int
    /// What was made already: feeds name the same picture again and again.
    private var known: [ExactString: Found] = [:]
    private var written = 0
    /// Pictures for which there was no room.
    private(set) var leftOut = 0

    /// Thumbnails whose longer side has at most `side` pixels: files in `folder`, or at most `room` bytes in the page.
    init(_ pictures: PictureSource, side: Int, folder: FilePath?, room: Int) {
        self.pictures = pictures
        self.side = side
        self.folder = folder
        self.room = room
    }

    /// The picture at a place that a post names; `nil` where it cannot be read, which is then remarked.
    mutating func find(_ location: String, _ remarks: inout [PageRemark]) throws(DataError) -> Found? {
        // A place may be a picture itself, megabytes of it.
        let isName = location.utf8.count <= 4096
        if isName, let found = known[location.exact] {
            guard take(found) else { return Found(source: nil, size: found.size) }
            return found
        }
        let picture: Picture
        do throws(ImageError) {
            picture = try pictures.picture(of: location, atLeast: side)
        } catch {
            if error.code == .system { throw DataError(error.message, kind: .input) }
            remarks.append(PageRemark(.warning, error.message))
            return nil
        }
        if let damage = picture.damage { remarks.append(PageRemark(.warning, damage.message)) }
        let found = Found(source: try write(picture.reduced(toFit: side)), size: picture.storedSize)
        if isName, found.source != nil { known[location.exact] = found }
        return take(found) ? found : Found(source: nil, size: found.size)
    }

    /// Takes the room that a picture needs in the page; whether there is as much.
    private mutating func take(_ found: Found) -> Bool {
        guard folder == nil, let source = found.source else { return true }
        guard source.utf8.count <= room else {
            leftOut += 1
            return false
        }
        room -= source.utf8.count
        return true
    }

    /// Writes a picture where the page finds it.
    private mutating func write(_ picture: Picture) throws(DataError) -> String? {
        let jpeg: [UInt8]
        do throws(ImageError) {
            jpeg = try JPEGWriter.encode(picture, quality: 78)
        } catch {
            throw DataError("a thumbnail: \(error.message)", kind: .output)
        }
        guard let folder else { return "data:image/jpeg;base64," + Data(jpeg).base64EncodedString() }
        written += 1
        let name = "pictures/\(written).jpg"
        do throws(FileError) {
            if written == 1 { try Folder.create(folder.appending("pictures")) }
            try AtomicFile.write(jpeg, to: folder.appending(name))
        } catch {
            throw DataError(writing: error)
        }
        return name
    }
}
